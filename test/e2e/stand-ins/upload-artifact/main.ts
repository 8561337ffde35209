/** Copies the file that the input `path` names to where the tests look for it. Throws where there is none. */
import { cpSync } from 'node:fs';
import { basename, join } from 'node:path';

const [folder, name, path] = ['ARTIFACTS', 'INPUT_NAME', 'INPUT_PATH'].map((variable) => process.env[variable] ?? '');
if (!folder || !name || !path) throw new Error('ARTIFACTS, the input `name` and the input `path` must be set.');
cpSync(path, join(folder, name, basename(path)));
