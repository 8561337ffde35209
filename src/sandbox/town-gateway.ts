/** What a town has for the gateway: a GitHub App, the key that signs the gateway's records, and its place in the files. */
import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as v from 'valibot';
import { type Document, parseDocument } from 'yaml';
import type { AppOptions } from './github/options.ts';

/** What whoever runs the gateway knows of its GitHub App. */
export interface TownApp {
  id: number;
  /** PEM. */
  privateKey: string;
  webhookSecret: string;
  installationId: number;
  slug: string;
  /** The login under which it writes. */
  botLogin: string;
}

/** The key that signs the gateway's records. */
export interface GatewayKey {
  name: string;
  /** PKCS #8, PEM. */
  privateKey: string;
  /** As the policy names it: base64 of the SPKI, DER. */
  public: string;
}

export interface TownGateway {
  app: TownApp;
  key: GatewayKey;
  /** The same App as GitHub knows it. */
  installed: AppOptions;
  slackSigningSecret: string;
}

/** The least that the gateway works with. */
const PERMISSIONS = {
  actions: 'write',
  contents: 'read',
  deployments: 'write',
  issues: 'write',
  members: 'read',
} as const;
const EVENTS = ['deployment_protection_rule', 'issue_comment', 'issues', 'workflow_run'];
const SLUG = 'debug-approval-acme';

/** Making an RSA key takes longer than opening all else: the towns of a process have the same App. */
let made: TownGateway | null = null;
/** Each installs it anew: auth-app asks once for the token of an installation, whichever GitHub a process asks for it. */
let installationId = 7_890_122;

/** The gateway's part of a town. */
export function townGateway(): TownGateway {
  made ??= makeGateway();
  installationId += 1;
  const { app, installed } = made;
  return { ...made, app: { ...app, installationId }, installed: { ...installed, installationId } };
}

function makeGateway(): TownGateway {
  const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const ed = generateKeyPairSync('ed25519');
  const id = 123_456;
  const webhookSecret = randomBytes(24).toString('hex');
  return {
    app: {
      ...{ id, installationId, webhookSecret, slug: SLUG, botLogin: `${SLUG}[bot]` },
      privateKey: rsa.privateKey.export({ type: 'pkcs1', format: 'pem' }).toString(),
    },
    key: {
      name: 'acme-2026',
      privateKey: ed.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
      public: ed.publicKey.export({ type: 'spki', format: 'der' }).toString('base64'),
    },
    installed: {
      ...{ id, installationId, webhookSecret, slug: SLUG, permissions: PERMISSIONS, events: EVENTS },
      publicKey: rsa.publicKey.export({ type: 'spki', format: 'pem' }).toString(),
    },
    slackSigningSecret: randomBytes(16).toString('hex'),
  };
}

/** Names the App and the key in a policy. */
export function putInPolicy(policy: Document, { app, key }: TownGateway): void {
  policy.setIn(['gateway'], { app: app.id });
  policy.setIn(['signers', 'gateway'], [{ name: key.name, key: key.public }]);
}

const Workflow = v.object({
  jobs: v.object({ ask: v.object({ steps: v.array(v.looseObject({ id: v.optional(v.string()) })) }) }),
});

/** Lets the debug workflow of a checkout ask only, so that the gateway waits. */
export async function waitInGateway(checkout: string): Promise<void> {
  const path = join(checkout, '.github/workflows/debug.yml');
  const workflow = parseDocument(await readFile(path, 'utf8'));
  const { steps } = v.parse(Workflow, workflow.toJS()).jobs.ask;
  const step = steps.findIndex(({ id }) => id === 'ask');
  workflow.setIn(['jobs', 'ask', 'steps', step, 'with', 'wait'], 'gateway');
  await writeFile(path, workflow.toString({ lineWidth: 0 }));
}
