/** The key of a GitHub App, made once for all tests of a process. */
import { generateKeyPairSync } from 'node:crypto';

const pair = generateKeyPairSync('rsa', { modulusLength: 2048 });

/** As GitHub gives it to whoever makes one in the App's settings. */
export const APP_PEM = pair.privateKey.export({ type: 'pkcs1', format: 'pem' }).toString();
export const APP_PUBLIC = pair.publicKey;
