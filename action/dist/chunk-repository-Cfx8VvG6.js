import{t as e}from"./chunk-fault-DiBTtPPO.js";import{a as t,i as n,n as r,o as i,r as a,t as o}from"./chunk-ask-FvCYeaDr.js";import{a as s,c,d as ee,f as l,i as te,l as ne,m as re,n as ie,o as u,p as ae,r as d,s as f,t as oe}from"./chunk-shapes-RbD7As59.js";import{F as se,N as p,p as ce,t as le,y as m,z as h}from"./chunk-dist-DG-YIuCO.js";const g={id:41898282,login:`github-actions[bot]`,bot:!0};function _(e){return e===null?null:y(e.databaseId??null,e.login,e.__typename)}function v(e){return y(e.id,e.login,e.type)??{id:e.id,login:e.login,bot:!0}}function y(e,t,n){if(n===`Bot`){let n=t.endsWith(`[bot]`)?t:`${t}[bot]`;return n===g.login?{...g}:e===null?null:{id:e,login:n,bot:!0}}return e===null?null:{id:e,login:t,bot:n!==`User`}}function b(e){let t=_(e.editor);return{id:e.fullDatabaseId,author:_(e.author),createdAt:e.createdAt,editedAt:e.lastEditedAt,...t===null?{}:{editorId:t.id},body:e.body}}function x(e){return{id:e.id,author:e.user===null?null:v(e.user),createdAt:e.created_at,editedAt:e.updated_at===e.created_at?null:e.updated_at,body:e.body,throughApp:e.performed_via_github_app!==null}}async function ue(e,t,n){let i=await r(e,`read the environment ${t}`,c,async()=>(await e.octokit.rest.repos.getEnvironment({...S(e),environment_name:t})).data);return i===null?null:{name:i.name,branches:await de(e,i,n),adminBypass:i.can_admins_bypass??null,reviewers:me(i),waitMinutes:Math.max(0,...i.protection_rules.map(e=>e.wait_timer??0))}}async function de(e,t,n){let r=t.deployment_branch_policy;return r?.custom_branch_policies===!0?{kind:`named`,patterns:await fe(e,t.name)}:r?.protected_branches===!0?{kind:`protected`,defaultBranchProtected:await pe(e,n)}:{kind:`all`}}async function fe(e,t){let n=`read which branches may deploy to the environment ${t}`;return(await o(e,n,u,()=>e.octokit.paginate(e.octokit.rest.repos.listDeploymentBranchPolicies,{...S(e),environment_name:t,per_page:100}))).map(({name:e,type:t})=>({name:e,type:t}))}async function pe(e,t){return(await o(e,`read the branch ${t}`,s,async()=>(await e.octokit.rest.repos.getBranch({...S(e),branch:t})).data)).protected}function me(e){return e.protection_rules.flatMap(e=>e.reviewers??[]).map(({reviewer:e})=>e?.login??(e?.slug===void 0?`somebody`:`team ${e.slug}`))}function S(e){return{owner:e.owner,repo:e.name}}const C=`
fragment actor on Actor {
  __typename
  login
  ... on User { databaseId }
  ... on Bot { databaseId }
  ... on Organization { databaseId }
  ... on Mannequin { databaseId }
}`,w=`
fragment comments on IssueCommentConnection {
  totalCount
  pageInfo { hasNextPage endCursor }
  nodes { fullDatabaseId createdAt lastEditedAt body author { ...actor } editor { ...actor } }
}`,T=`
fragment deletions on IssueTimelineItemsConnection {
  pageInfo { hasNextPage endCursor }
  nodes {
    __typename
    ... on CommentDeletedEvent { createdAt actor { ...actor } deletedCommentAuthor { ...actor } }
  }
}`,E=`
fragment blob on Blob { oid isBinary isTruncated text }`,D=`
fragment issue on Issue {
  number
  url
  state
  title
  body
  labels(first: 100) { nodes { name } }
  comments(first: 100) { ...comments }
  timelineItems(itemTypes: [COMMENT_DELETED_EVENT], first: 100) { ...deletions }
}`,O=`
query facts(
  $owner: String!, $name: String!, $policy: String!,
  $withIssue: Boolean!, $issue: Int!, $withEarlier: Boolean!
) {
  repository(owner: $owner, name: $name) {
    databaseId
    nameWithOwner
    visibility
    owner { ... on User { databaseId } ... on Organization { databaseId } }
    defaultBranchRef { name target { oid } }
    policy: object(expression: $policy) { __typename ...blob }
    issue(number: $issue) @include(if: $withIssue) { ...issue }
    earlier: issues(labels: ["debug-request"], first: 5, orderBy: { field: CREATED_AT, direction: DESC })
      @include(if: $withEarlier) {
      nodes { number comments(last: 20) { ...comments } }
    }
  }
}${E}${D}${w}${T}${C}`,k=`
query snapshot($owner: String!, $name: String!, $issue: Int!) {
  repository(owner: $owner, name: $name) { issue(number: $issue) { ...issue } }
}${D}${w}${T}${C}`,A=`
query moreComments($owner: String!, $name: String!, $issue: Int!, $after: String!) {
  repository(owner: $owner, name: $name) {
    issue(number: $issue) { comments(first: 100, after: $after) { ...comments } }
  }
}${w}${C}`,j=`
query moreDeletions($owner: String!, $name: String!, $issue: Int!, $after: String!) {
  repository(owner: $owner, name: $name) {
    issue(number: $issue) {
      timelineItems(itemTypes: [COMMENT_DELETED_EVENT], first: 100, after: $after) { ...deletions }
    }
  }
}${T}${C}`,M=`
query blobText($owner: String!, $name: String!, $oid: GitObjectID!) {
  repository(owner: $owner, name: $name) { object(oid: $oid) { __typename ...blob } }
}${E}`;async function N(e,t){let n=`read the repository ${e.owner}/${e.name}`,r={owner:e.owner,name:e.name,policy:`HEAD:${t.policyPath}`,withIssue:t.issue!==void 0,issue:t.issue??0,withEarlier:t.earlier===!0},{repository:i}=await o(e,n,ie,()=>I(e,O,r)),a=i.defaultBranchRef;if(a?.target==null)throw ge(e);return{id:i.databaseId,ownerId:i.owner.databaseId,name:i.nameWithOwner,public:i.visibility===`PUBLIC`,defaultBranch:a.name,policy:he(t.policyPath,a.target.oid,i.policy),earlier:(i.earlier?.nodes??[]).filter(e=>e.number!==t.issue).map(e=>({issue:e.number,comments:V(e.comments.nodes.map(b))})),issue:i.issue==null?null:await L(e,i.issue)}}async function P(t,n){let r={owner:t.owner,name:t.name,issue:n},{repository:i}=await o(t,`read issue #${n}`,re,()=>I(t,k,r));if(i.issue!==null)return L(t,i.issue);throw new e(`not-found`,`There is no issue #${n} in ${t.owner}/${t.name}.`,`Check the issue number; a deleted request shows in the next request's record "earlier".`)}async function F(e,t){let n={owner:e.owner,name:e.name,oid:t},{repository:r}=await o(e,`read the blob ${t}`,oe,()=>I(e,M,n));return r.object?.__typename===`Blob`?H(`the blob ${t}`,r.object):null}async function I(e,n,r){try{return await e.octokit.graphql(n,r)}catch(e){let n=t(e);if(n?.errors.every(e=>e.type===`NOT_FOUND`&&e.path?.length===2&&e.path[0]===`repository`&&e.path[1]===`issue`)===!0&&n?.data!=null)return n.data;throw e}}async function L(e,t){let n=[...t.comments.nodes,...await R(e,t)],r=[...t.timelineItems.nodes,...await z(e,t)];return{number:t.number,url:t.url,open:t.state===`OPEN`,labels:(t.labels?.nodes??[]).map(e=>e.name),title:t.title,body:t.body,commentCount:t.comments.totalCount,comments:V(n.map(b)),deletions:r.map(e=>{let t=_(e.actor),n=_(e.deletedCommentAuthor)?.id??null;return{at:e.createdAt,authorId:n,...t===null?{}:{actorId:t.id}}})}}async function R(e,t){return B(t.comments,async n=>{let r={owner:e.owner,name:e.name,issue:t.number,after:n},i=`read the comments of issue #${t.number}`;return(await o(e,i,d,()=>I(e,A,r))).repository.issue.comments})}async function z(e,t){return B(t.timelineItems,async n=>{let r={owner:e.owner,name:e.name,issue:t.number,after:n},i=`read the deletions of issue #${t.number}`;return(await o(e,i,te,()=>I(e,j,r))).repository.issue.timelineItems})}async function B(e,t){let n=[],{hasNextPage:r,endCursor:i}=e.pageInfo;for(;r&&i!==null;){let e=await t(i);n.push(...e.nodes),{hasNextPage:r,endCursor:i}=e.pageInfo}return n}function V(e){return[...new Map(e.map(e=>[e.id,e])).values()].sort((e,t)=>e.id-t.id)}function he(t,n,r){if(r===null)return null;if(r.__typename!==`Blob`)throw new e(`policy`,`The policy ${t} is a folder or a submodule.`,`Name a file in the input policy.`);return{path:t,commit:n,blob:r.oid,text:H(`the policy ${t}`,r)}}function H(t,n){if(n.isBinary===!0||n.text===null)throw new e(`policy`,`GitHub takes ${t} for binary: it is not UTF-8 text.`,`Save it as UTF-8 text.`);if(n.isTruncated)throw new e(`policy`,`GitHub gives only a part of ${t}: it is too long.`,`Shorten it to below 512 KB.`);return n.text}function ge(t){return new e(`not-found`,`The repository ${t.owner}/${t.name} has no commit on a default branch.`,`Push the workflow and the policy to the default branch first.`)}const _e=ce({etag:m(se()),comments:le(f)});function ve(e){let t=/* @__PURE__ */ new Map;return async n=>{let r=t.get(n)??[],i=[],a=!1;do{let t=r[i.length]??null,o=await be(e,n,i.length+1,t?.etag??null),s=o??t;if(s===null)break;a||=o!==null,i.push(s)}while(i.at(-1)?.comments.length===100);return t.set(n,i),a?i.flatMap(e=>e.comments):null}}async function ye(e,t){let n=await r(e,`read comment ${t}`,f,async()=>(await e.octokit.rest.issues.getComment({owner:e.owner,repo:e.name,comment_id:t})).data);return n===null?null:x(n)}async function be(e,t,n,r){let i=await o(e,`read the comments of issue #${t}`,m(_e),async()=>{try{let i=await e.octokit.rest.issues.listComments({owner:e.owner,repo:e.name,issue_number:t,per_page:100,page:n,headers:r===null?{}:{"if-none-match":r}});return{etag:i.headers.etag??null,comments:i.data}}catch(e){if(r!==null&&a(e)?.status===304)return null;throw e}});return i===null?null:{etag:i.etag,comments:i.comments.map(x)}}const U=`open an issue`,W=1e4,xe=[`ECONNREFUSED`,`ENOTFOUND`,`EAI_AGAIN`,`EHOSTUNREACH`,`ENETUNREACH`,`UND_ERR_CONNECT_TIMEOUT`];function G(e){let t=/* @__PURE__ */ new Map;return async(n,r,i)=>{let a=AbortSignal.timeout(i??W),o=async()=>{let t={issue_number:n,body:r,request:{signal:a}};return(await e.once.rest.issues.createComment({...Q(e),...t})).data},s=await Y(e,`write a comment to issue #${n}`,l,async()=>{try{return await o()}catch(e){if(!J(e))throw e}return Ce(e,t,{issue:n,post:o,signal:a,untilLocked:i===void 0})});return{id:s.id,createdAt:s.created_at}}}async function Se(e,t){let n=await Y(e,U,ae,async()=>{let n={signal:AbortSignal.timeout(W)};return(await e.once.rest.issues.create({...Q(e),...t,request:n})).data});return{number:n.number,url:n.html_url}}async function K(e,t,n){let{open:r,completed:i,...a}=n;await o(e,`change issue #${t}`,h(),()=>e.octokit.rest.issues.update({...Q(e),issue_number:t,...a,...De(r,i)}))}async function q(e,t,n){let r=n===void 0?{}:{lock_reason:n};await o(e,`lock issue #${t}`,h(),()=>e.octokit.rest.issues.lock({...Q(e),issue_number:t,...r}))}async function Ce(e,t,n){let{issue:r,post:i,signal:a}=n,o=t.get(r),s=Promise.withResolvers();t.set(r,s.promise),await Promise.race([o,Ee(a)]);try{return await we(e,r,a),await i()}catch(e){throw J(e)?Te(r,e):e}finally{q(e,r).then(s.resolve,()=>s.resolve()),n.untilLocked&&await s.promise}}async function we(t,r,i){try{await t.once.rest.issues.unlock({...Q(t),issue_number:r,request:{signal:i}})}catch(i){let a=n(i,{doing:`unlock it`,job:t.job}),o=`Issue #${r} is locked and this job ${a.code===`permission`?`may not`:`could not`} unlock it, so nothing was written. ${a.message}`;throw new e(`not-written`,o,`Unlock the issue on GitHub and try again. ${a.remedy}`,{cause:i})}}function Te(t,n){return new e(`not-written`,`Issue #${t} is locked. This job unlocked it, but it was locked again before anything was written.`,`Unlock the issue on GitHub and try again.`,{cause:n})}function J(e){let t=a(e);return t?.status===403&&t.message.includes(`issue is locked`)}function Ee(e){return new Promise(t=>{e.aborted&&t(),e.addEventListener(`abort`,()=>t(),{once:!0})})}function De(e,t){return e===void 0?{}:e?{state:`open`}:{state:`closed`,state_reason:t===!0?`completed`:`not_planned`}}async function Y(e,t,n,r){let i;try{i=await r()}catch(n){throw Oe(n,t,e)}let a=p(n,i);if(!a.success)throw X(t,`its answer was cut short`,null);return a.output}function Oe(t,r,o){if(t instanceof e)return t;let s=a(t);if(s!==null&&s.status>=500)return X(r,`it answered ${s.status}`,t);if(s===null&&!Z(t))return X(r,i(t),t);let c=n(t,{doing:r,job:o.job});return new e(`not-written`,c.message,c.remedy,{cause:t})}function X(t,n,r){return new e(`not-confirmed`,`GitHub did not confirm that it could ${t}: ${n}. It may have been written.`,t===U?`Look for a new issue with the label debug-request before trying again; the sweep closes it.`:`Look at the issue before trying again.`,{cause:r})}function Z(e){return e instanceof Error?`code`in e&&typeof e.code==`string`&&xe.includes(e.code)?!0:Z(e.cause):!1}function Q(e){return{owner:e.owner,repo:e.name}}function ke(e,t){let n=$(e,t);return{facts:e=>N(n,e),blob:e=>F(n,e),run:e=>je(n,e),environment:(e,t)=>ue(n,e,t),issue:e=>P(n,e),createIssue:e=>Se(n,e),updateIssue:(e,t)=>K(n,e,t),lockIssue:e=>q(n,e,`resolved`),comment:G(n),poll:ve(n),readComment:e=>ye(n,e),openRequests:()=>Me(n)}}function $(e,t){return{...e,...Ae(t)}}function Ae(t){let n=/^([A-Za-z0-9_-]+)\/([A-Za-z0-9._-]+)$/.exec(t);if(n?.[1]===void 0||n[2]===void 0)throw new e(`input`,`${JSON.stringify(t)} is no repository.`,`Write owner/name, as GITHUB_REPOSITORY has it.`);return{owner:n[1],name:n[2]}}async function je(e,t){let n=await o(e,`read the workflow run ${t}`,ee,async()=>(await e.octokit.rest.actions.getWorkflowRun({owner:e.owner,repo:e.name,run_id:t,exclude_pull_requests:!0})).data);return{id:n.id,attempt:n.run_attempt,event:n.event,status:n.status,conclusion:n.conclusion,workflow:n.path.split(`@`,1)[0]??n.path,commit:n.head_sha,branch:n.head_branch,url:n.html_url,actor:v(n.actor),triggeringActor:v(n.triggering_actor)}}async function Me(e){return(await o(e,`list the open requests`,ne,()=>e.octokit.paginate(e.octokit.rest.issues.listForRepo,{owner:e.owner,repo:e.name,labels:`debug-request`,state:`open`,sort:`created`,direction:`asc`,per_page:100}))).filter(e=>e.pull_request===void 0).map(e=>e.number)}export{G as i,$ as n,K as r,ke as t};