/** Checks the issuer whose signatures a policy believes. */
import { addressProblem } from './address.ts';
import type { Draft } from './draft.ts';
import { atValue, type Finding } from './problems.ts';

const MEANING = {
  example: 'https://token.actions.example.com',
  loopback: 'where anybody could sign',
  open: 'whoever sits between could give out keys of their own',
};

/** Findings for an issuer that is no plain https address, or on this machine while the API is not. */
export function checkSigners({ issuer }: Draft, apiIsLoopback: boolean): Finding[] {
  if (issuer === null) return [];
  const message = addressProblem(issuer, apiIsLoopback, MEANING);
  return message === null ? [] : [atValue(['signers', 'issuer'], message)];
}
