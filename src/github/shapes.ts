/** The shapes of GitHub's answers, as far as the product reads them: parsed at the border, never assumed. */
import * as v from 'valibot';

const Id = v.pipe(v.number(), v.integer(), v.minValue(1));
const maybe = v.nullable;

/** A BigInt of GraphQL, which travels as a string of digits. Ids stay far below 2^53. */
const BigId = v.pipe(v.union([v.string(), v.number()]), v.transform(Number), v.safeInteger(), v.minValue(1));

export const GraphqlActor = v.looseObject({
  __typename: v.string(),
  login: v.string(),
  databaseId: v.optional(maybe(v.number())),
});

const Page = v.looseObject({ hasNextPage: v.boolean(), endCursor: maybe(v.string()) });

export const GraphqlComment = v.looseObject({
  fullDatabaseId: BigId,
  createdAt: v.string(),
  lastEditedAt: maybe(v.string()),
  body: v.string(),
  author: maybe(GraphqlActor),
  editor: v.optional(maybe(GraphqlActor), null),
});

export const CommentPage = v.looseObject({
  totalCount: v.number(),
  pageInfo: Page,
  nodes: v.array(GraphqlComment),
});

/** Deleted comments and changed titles. */
export const ChangePage = v.looseObject({
  pageInfo: Page,
  nodes: v.array(
    v.variant('__typename', [
      v.looseObject({
        __typename: v.literal('CommentDeletedEvent'),
        createdAt: v.string(),
        actor: v.optional(maybe(GraphqlActor), null),
        deletedCommentAuthor: maybe(GraphqlActor),
      }),
      v.looseObject({
        __typename: v.literal('RenamedTitleEvent'),
        createdAt: v.string(),
        actor: maybe(GraphqlActor),
        previousTitle: v.string(),
        currentTitle: v.string(),
      }),
    ]),
  ),
});

export const EditPage = v.looseObject({
  pageInfo: Page,
  nodes: v.array(
    v.looseObject({
      editedAt: v.string(),
      editor: maybe(GraphqlActor),
      diff: v.optional(maybe(v.string()), null),
      deletedAt: maybe(v.string()),
      deletedBy: maybe(GraphqlActor),
    }),
  ),
});

export const GraphqlIssue = v.looseObject({
  number: Id,
  url: v.string(),
  state: v.picklist(['OPEN', 'CLOSED']),
  title: v.string(),
  body: v.string(),
  author: maybe(GraphqlActor),
  lastEditedAt: maybe(v.string()),
  editor: maybe(GraphqlActor),
  userContentEdits: maybe(EditPage),
  labels: maybe(v.looseObject({ nodes: v.array(v.looseObject({ name: v.string() })) })),
  comments: CommentPage,
  timelineItems: ChangePage,
});
export type GraphqlIssue = v.InferOutput<typeof GraphqlIssue>;

export const GitObject = v.variant('__typename', [
  v.looseObject({
    __typename: v.literal('Blob'),
    oid: v.string(),
    isBinary: maybe(v.boolean()),
    isTruncated: v.boolean(),
    text: maybe(v.string()),
  }),
  v.looseObject({ __typename: v.picklist(['Tree', 'Commit', 'Tag']) }),
]);
export type GitObject = v.InferOutput<typeof GitObject>;

export const FactsAnswer = v.looseObject({
  repository: v.looseObject({
    databaseId: Id,
    nameWithOwner: v.string(),
    visibility: v.picklist(['PUBLIC', 'PRIVATE', 'INTERNAL']),
    owner: v.looseObject({ databaseId: Id }),
    defaultBranchRef: maybe(v.looseObject({ name: v.string(), target: maybe(v.looseObject({ oid: v.string() })) })),
    policy: maybe(GitObject),
    issue: v.optional(maybe(GraphqlIssue)),
    earlier: v.optional(
      v.looseObject({
        nodes: v.array(v.looseObject({ number: Id, author: maybe(GraphqlActor), comments: CommentPage })),
      }),
    ),
  }),
});

export const SnapshotAnswer = v.looseObject({ repository: v.looseObject({ issue: maybe(GraphqlIssue) }) });
export const MoreCommentsAnswer = v.looseObject({
  repository: v.looseObject({ issue: v.looseObject({ comments: CommentPage }) }),
});
export const MoreChangesAnswer = v.looseObject({
  repository: v.looseObject({ issue: v.looseObject({ timelineItems: ChangePage }) }),
});
export const MoreEditsAnswer = v.looseObject({
  repository: v.looseObject({ issue: v.looseObject({ userContentEdits: EditPage }) }),
});
export const BlobAnswer = v.looseObject({ repository: v.looseObject({ object: maybe(GitObject) }) });

/** REST's account; `type` is `User`, `Bot`, `Organization` or `Mannequin`. */
export const RestActor = v.looseObject({ id: Id, login: v.string(), type: v.string() });

/** An account's public profile. */
export const RestProfile = v.looseObject({ ...RestActor.entries, name: v.optional(maybe(v.string()), null) });

export const RestComment = v.looseObject({
  id: Id,
  user: maybe(RestActor),
  created_at: v.string(),
  updated_at: v.string(),
  body: v.optional(v.string(), ''),
  /** Left out by an old GHES: then nobody can tell, and it counts as an app's. */
  performed_via_github_app: v.optional(maybe(v.looseObject({})), {}),
});

export const RestRun = v.looseObject({
  id: Id,
  run_attempt: Id,
  event: v.string(),
  status: v.string(),
  conclusion: maybe(v.string()),
  path: v.string(),
  head_sha: v.string(),
  head_branch: maybe(v.string()),
  html_url: v.string(),
  created_at: v.string(),
  actor: RestActor,
  triggering_actor: RestActor,
});

export const RestEnvironment = v.looseObject({
  name: v.string(),
  can_admins_bypass: v.optional(v.boolean()),
  protection_rules: v.optional(
    v.array(
      v.looseObject({
        type: v.string(),
        wait_timer: v.optional(v.number()),
        reviewers: v.optional(
          v.array(
            v.looseObject({
              type: v.optional(v.string()),
              reviewer: v.optional(v.looseObject({ login: v.optional(v.string()), slug: v.optional(v.string()) })),
            }),
          ),
        ),
      }),
    ),
    [],
  ),
  deployment_branch_policy: maybe(
    v.looseObject({ protected_branches: v.boolean(), custom_branch_policies: v.boolean() }),
  ),
});

export const RestBranchPolicies = v.array(
  v.looseObject({ name: v.string(), type: v.optional(v.picklist(['branch', 'tag']), 'branch') }),
);
export const RestGates = v.looseObject({
  custom_deployment_protection_rules: v.optional(
    v.array(v.looseObject({ enabled: v.boolean(), app: v.looseObject({ id: Id }) })),
    [],
  ),
});
export const RestBranch = v.looseObject({ protected: v.boolean() });
export const RestWrittenIssue = v.looseObject({ number: Id, html_url: v.string() });
export const RestWrittenComment = v.looseObject({ id: Id, created_at: v.string() });
export const RestIssueList = v.array(v.looseObject({ number: Id, pull_request: v.optional(v.unknown()) }));
/** Issues as they are looked through for a run's request. */
export const RestRequestIssues = v.array(
  v.looseObject({
    number: Id,
    body: v.optional(maybe(v.string())),
    user: maybe(RestActor),
    pull_request: v.optional(v.unknown()),
  }),
);
export const RestRunIds = v.array(v.looseObject({ id: Id }));
export const RestPendingDeployments = v.array(v.looseObject({ environment: v.looseObject({ name: v.string() }) }));

/** The App whose key this is. */
export const RestApp = v.looseObject({ id: Id, slug: v.string(), name: v.string() });
/** `suspended_at` is null where the installation works. */
export const RestInstallation = v.looseObject({
  id: Id,
  suspended_at: v.optional(maybe(v.string()), null),
  account: v.optional(maybe(v.looseObject({ login: v.optional(v.string()) })), null),
});
export const RestInstallations = v.array(RestInstallation);
export const RestInstalledRepository = v.looseObject({
  id: Id,
  full_name: v.string(),
  owner: v.looseObject({ id: Id }),
  archived: v.optional(v.boolean(), false),
});
export const RestInstalledRepositories = v.array(RestInstalledRepository);
/** Issues as the search finds them: each with the address of its repository in the API. */
export const RestFoundIssues = v.array(v.looseObject({ repository_url: v.string() }));
/** The same, each with who opened it and when; GitHub names nobody where the account is no more. */
export const RestOpenedIssueList = v.array(
  v.looseObject({
    number: Id,
    pull_request: v.optional(v.unknown()),
    created_at: v.string(),
    user: v.optional(v.nullable(RestActor)),
  }),
);
