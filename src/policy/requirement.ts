/** What a rule requires: so many people of a group, all of several requirements, or any of them. */
import * as v from 'valibot';
import { closed, Key, keys } from './schema-parts.ts';

/** So many different people out of groups and persons. */
export interface CountRequirement {
  count: number;
  of: string | string[];
}
export interface AllRequirement {
  all: Requirement[];
}
export interface AnyRequirement {
  any: Requirement[];
}
export type Requirement = CountRequirement | AllRequirement | AnyRequirement;

const Nested: v.GenericSchema<Requirement> = v.lazy((input) => requirementFor(input));
const children = v.pipe(v.array(Nested), v.minLength(1, 'must hold at least one requirement'));

const Of = v.lazy((input) => {
  if (typeof input === 'string') return Key;
  return Array.isArray(input) ? keys('Groups and people.') : OneOrMore;
});
/** Whose approvals a count takes. */
export const OneOrMore = v.union([Key, keys('Groups and people.')], 'must name a group or a person, or a list of them');

const Count = closed({
  count: v.pipe(
    v.number(),
    v.integer('must be a whole number'),
    v.minValue(1, 'must be at least 1: nothing runs without an approval'),
    v.maxValue(20, 'must be at most 20'),
    v.description('How many different people must approve.'),
  ),
  of: v.pipe(Of, v.description('A group, a person, or a list of both: whose approvals count.')),
});
const All = closed({
  all: v.pipe(children, v.description('Every one must be met, each by other people: nobody counts twice in here.')),
});
const Any = closed({ any: v.pipe(children, v.description('One of these must be met.')) });

/** Either form; the message for what is none of them. */
export const AnyRequirementForm = v.union([Count, All, Any], 'must be { count, of }, { all: [...] } or { any: [...] }');

// Picks the form by its key, so that a mistake inside is reported where it stands and not as "none of three".
function requirementFor(input: unknown) {
  if (typeof input !== 'object' || input === null || Array.isArray(input)) return AnyRequirementForm;
  if ('all' in input) return All;
  if ('any' in input) return Any;
  return hasForm(input) ? Count : AnyRequirementForm;
}

function hasForm(input: unknown): boolean {
  return typeof input === 'object' && input !== null && ['count', 'of', 'all', 'any'].some((key) => key in input);
}

export const RequirementSchema: v.GenericSchema<Requirement> = Nested;

const None = v.literal('none', 'must be none, { count, of }, { all: [...] } or { any: [...] }');
const AnyRuleForm = v.union(
  [None, AnyRequirementForm],
  'must be none, { count, of }, { all: [...] } or { any: [...] }',
);

/** What a rule requires: nobody only where it says so in this one word. */
export const RuleRequirement: v.GenericSchema<Requirement | 'none'> = v.lazy((input) => {
  if (hasForm(input) || Array.isArray(input)) return Nested;
  return input === undefined || (typeof input === 'object' && input !== null) ? AnyRuleForm : None;
});

/** The children of `all` or `any`; none for a count. */
export function childrenOf(requirement: Requirement): Requirement[] {
  if ('all' in requirement) return requirement.all;
  return 'any' in requirement ? requirement.any : [];
}

/** All counts in a requirement, in the order it is written. */
export function countsIn(requirement: Requirement): CountRequirement[] {
  return 'count' in requirement ? [requirement] : childrenOf(requirement).flatMap(countsIn);
}
