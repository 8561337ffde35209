/** The end of `audit verify`: exit code and words. */
import { type Grade, isProven } from '../../log/grade.ts';
import type { VerifyOptions } from './audit.ts';
import { type ExitCode, tell } from './tell.ts';

const UNPROVEN =
  'not proven: only the repository or the file itself vouches for a key or its issuer. What to do: name with --trust an export that was kept elsewhere and holds its keys, with --issuer who signs for this GitHub, or with --gateway-key a key of the gateway.';
const UNSIGNED =
  'not proven: records carry no signature. What to do: give the jobs `id-token: write`, so that they sign from now on; what is unsigned stays so.';

const NOTHING =
  'not proven: there is no record, so there is nothing to prove. What to do: make sure that this is what was to be verified.';

/** Tells the verdict. */
export function finish(code: ExitCode, grade: Grade | null, words: string, data: object, options: VerifyOptions): void {
  const end = demanded({ code, words }, grade, options);
  tell(end.code, end.words, options.json, data);
}

/** What holds and is not proven is not determined where proof is required. `grade` null: there are no records. */
export function demanded(
  verdict: { code: ExitCode; words: string },
  grade: Grade | null,
  { require }: Pick<VerifyOptions, 'require'>,
): { code: ExitCode; words: string } {
  if (verdict.code !== 0 || require !== 'proven' || (grade !== null && isProven(grade))) return verdict;
  const unmet = grade === null ? NOTHING : grade === 'unsigned' ? UNSIGNED : UNPROVEN;
  return { code: 2, words: `${unmet}\n${verdict.words}` };
}
