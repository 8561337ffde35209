/** Checks whose signatures a policy believes: the issuer, and that a gateway has both its app and its keys. */
import { addressProblem } from './address.ts';
import type { Draft } from './draft.ts';
import { atKey, atValue, type Finding } from './problems.ts';

const MEANING = {
  example: 'https://token.actions.example.com',
  loopback: 'where anybody could sign',
  open: 'whoever sits between could give out keys of their own',
};

/** Findings for an issuer that is no plain https address, or on this machine while the API is not, and for half a gateway. */
export function checkSigners(draft: Draft, apiIsLoopback: boolean): Finding[] {
  return [...issuerFindings(draft, apiIsLoopback), ...halfGateway(draft)];
}

function issuerFindings({ issuer }: Draft, apiIsLoopback: boolean): Finding[] {
  if (issuer === null) return [];
  const message = addressProblem(issuer, apiIsLoopback, MEANING);
  return message === null ? [] : [atValue(['signers', 'issuer'], message)];
}

/** Keys without an app are fine: those of a gateway that is no more. */
function halfGateway({ gateway }: Draft): Finding[] {
  if (!gateway.app || gateway.keys) return [];
  return [
    atKey(['gateway'], 'could record nothing: nobody would believe what it signs; list its key under signers.gateway.'),
  ];
}
