import{t as e}from"./chunk-fault-DiBTtPPO.js";import{_ as t,a as n,b as r,c as i,f as a,g as o,h as s,i as ee,l as te,m as c,n as ne,o as re,p as ie,r as ae,s as l,u as oe,v as u,x as se,y as d}from"./chunk-clock-C-m5sdEq.js";import{F as ce,N as f,p as le,t as ue,y as p,z as m}from"./chunk-dist-DG-YIuCO.js";const h={id:41898282,login:`github-actions[bot]`,bot:!0};function g(e){return e===null?null:v(e.databaseId??null,e.login,e.__typename)}function _(e){return v(e.id,e.login,e.type)??{id:e.id,login:e.login,bot:!0}}function v(e,t,n){if(n===`Bot`){let n=t.endsWith(`[bot]`)?t:`${t}[bot]`;return n===h.login?{...h}:e===null?null:{id:e,login:n,bot:!0}}return e===null?null:{id:e,login:t,bot:n!==`User`}}function y(e){let t=g(e.editor);return{id:e.fullDatabaseId,author:g(e.author),createdAt:e.createdAt,editedAt:e.lastEditedAt,...t===null?{}:{editorId:t.id},body:e.body}}function b(e){return{id:e.id,author:e.user===null?null:_(e.user),createdAt:e.created_at,editedAt:e.updated_at===e.created_at?null:e.updated_at,body:e.body,throughApp:e.performed_via_github_app!==null}}async function de(e,n,r){let i=await t(e,`read the environment ${n}`,te,async()=>(await e.octokit.rest.repos.getEnvironment({...x(e),environment_name:n})).data);return i===null?null:{name:i.name,branches:await fe(e,i,r),adminBypass:i.can_admins_bypass??null,reviewers:he(i),waitMinutes:Math.max(0,...i.protection_rules.map(e=>e.wait_timer??0))}}async function fe(e,t,n){let r=t.deployment_branch_policy;return r?.custom_branch_policies===!0?{kind:`named`,patterns:await pe(e,t.name)}:r?.protected_branches===!0?{kind:`protected`,defaultBranchProtected:await me(e,n)}:{kind:`all`}}async function pe(e,t){let n=`read which branches may deploy to the environment ${t}`;return(await o(e,n,l,()=>e.octokit.paginate(e.octokit.rest.repos.listDeploymentBranchPolicies,{...x(e),environment_name:t,per_page:100}))).map(({name:e,type:t})=>({name:e,type:t}))}async function me(e,t){return(await o(e,`read the branch ${t}`,re,async()=>(await e.octokit.rest.repos.getBranch({...x(e),branch:t})).data)).protected}function he(e){return e.protection_rules.flatMap(e=>e.reviewers??[]).map(({reviewer:e})=>e?.login??(e?.slug===void 0?`somebody`:`team ${e.slug}`))}function x(e){return{owner:e.owner,repo:e.name}}const S=`
fragment actor on Actor {
  __typename
  login
  ... on User { databaseId }
  ... on Bot { databaseId }
  ... on Organization { databaseId }
  ... on Mannequin { databaseId }
}`,C=`
fragment comments on IssueCommentConnection {
  totalCount
  pageInfo { hasNextPage endCursor }
  nodes { fullDatabaseId createdAt lastEditedAt body author { ...actor } editor { ...actor } }
}`,w=`
fragment deletions on IssueTimelineItemsConnection {
  pageInfo { hasNextPage endCursor }
  nodes {
    __typename
    ... on CommentDeletedEvent { createdAt actor { ...actor } deletedCommentAuthor { ...actor } }
  }
}`,T=`
fragment blob on Blob { oid isBinary isTruncated text }`,E=`
fragment issue on Issue {
  number
  url
  state
  title
  body
  labels(first: 100) { nodes { name } }
  comments(first: 100) { ...comments }
  timelineItems(itemTypes: [COMMENT_DELETED_EVENT], first: 100) { ...deletions }
}`,D=`
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
}${T}${E}${C}${w}${S}`,O=`
query snapshot($owner: String!, $name: String!, $issue: Int!) {
  repository(owner: $owner, name: $name) { issue(number: $issue) { ...issue } }
}${E}${C}${w}${S}`,k=`
query moreComments($owner: String!, $name: String!, $issue: Int!, $after: String!) {
  repository(owner: $owner, name: $name) {
    issue(number: $issue) { comments(first: 100, after: $after) { ...comments } }
  }
}${C}${S}`,A=`
query moreDeletions($owner: String!, $name: String!, $issue: Int!, $after: String!) {
  repository(owner: $owner, name: $name) {
    issue(number: $issue) {
      timelineItems(itemTypes: [COMMENT_DELETED_EVENT], first: 100, after: $after) { ...deletions }
    }
  }
}${w}${S}`,j=`
query blobText($owner: String!, $name: String!, $oid: GitObjectID!) {
  repository(owner: $owner, name: $name) { object(oid: $oid) { __typename ...blob } }
}${T}`;async function M(e,t){let n=`read the repository ${e.owner}/${e.name}`,r={owner:e.owner,name:e.name,policy:`HEAD:${t.policyPath}`,withIssue:t.issue!==void 0,issue:t.issue??0,withEarlier:t.earlier===!0},{repository:i}=await o(e,n,ae,()=>F(e,D,r)),a=i.defaultBranchRef;if(a?.target==null)throw _e(e);return{id:i.databaseId,ownerId:i.owner.databaseId,name:i.nameWithOwner,public:i.visibility===`PUBLIC`,defaultBranch:a.name,policy:ge(t.policyPath,a.target.oid,i.policy),earlier:(i.earlier?.nodes??[]).filter(e=>e.number!==t.issue).map(e=>({issue:e.number,comments:B(e.comments.nodes.map(y))})),issue:i.issue==null?null:await I(e,i.issue)}}async function N(t,n){let r={owner:t.owner,name:t.name,issue:n},{repository:i}=await o(t,`read issue #${n}`,s,()=>F(t,O,r));if(i.issue!==null)return I(t,i.issue);throw new e(`not-found`,`There is no issue #${n} in ${t.owner}/${t.name}.`,`Check the issue number; a deleted request shows in the next request's record "earlier".`)}async function P(e,t){let n={owner:e.owner,name:e.name,oid:t},{repository:r}=await o(e,`read the blob ${t}`,ne,()=>F(e,j,n));return r.object?.__typename===`Blob`?V(`the blob ${t}`,r.object):null}async function F(e,t,n){try{return await e.octokit.graphql(t,n)}catch(e){let t=r(e);if(t?.errors.every(e=>e.type===`NOT_FOUND`&&e.path?.length===2&&e.path[0]===`repository`&&e.path[1]===`issue`)===!0&&t?.data!=null)return t.data;throw e}}async function I(e,t){let n=[...t.comments.nodes,...await L(e,t)],r=[...t.timelineItems.nodes,...await R(e,t)];return{number:t.number,url:t.url,open:t.state===`OPEN`,labels:(t.labels?.nodes??[]).map(e=>e.name),title:t.title,body:t.body,commentCount:t.comments.totalCount,comments:B(n.map(y)),deletions:r.map(e=>{let t=g(e.actor),n=g(e.deletedCommentAuthor)?.id??null;return{at:e.createdAt,authorId:n,...t===null?{}:{actorId:t.id}}})}}async function L(e,t){return z(t.comments,async n=>{let r={owner:e.owner,name:e.name,issue:t.number,after:n},i=`read the comments of issue #${t.number}`;return(await o(e,i,ee,()=>F(e,k,r))).repository.issue.comments})}async function R(e,t){return z(t.timelineItems,async r=>{let i={owner:e.owner,name:e.name,issue:t.number,after:r},a=`read the deletions of issue #${t.number}`;return(await o(e,a,n,()=>F(e,A,i))).repository.issue.timelineItems})}async function z(e,t){let n=[],{hasNextPage:r,endCursor:i}=e.pageInfo;for(;r&&i!==null;){let e=await t(i);n.push(...e.nodes),{hasNextPage:r,endCursor:i}=e.pageInfo}return n}function B(e){return[...new Map(e.map(e=>[e.id,e])).values()].sort((e,t)=>e.id-t.id)}function ge(t,n,r){if(r===null)return null;if(r.__typename!==`Blob`)throw new e(`policy`,`The policy ${t} is a folder or a submodule.`,`Name a file in the input policy.`);return{path:t,commit:n,blob:r.oid,text:V(`the policy ${t}`,r)}}function V(t,n){if(n.isBinary===!0||n.text===null)throw new e(`policy`,`GitHub takes ${t} for binary: it is not UTF-8 text.`,`Save it as UTF-8 text.`);if(n.isTruncated)throw new e(`policy`,`GitHub gives only a part of ${t}: it is too long.`,`Shorten it to below 512 KB.`);return n.text}function _e(t){return new e(`not-found`,`The repository ${t.owner}/${t.name} has no commit on a default branch.`,`Push the workflow and the policy to the default branch first.`)}const H=le({etag:p(ce()),comments:ue(i)});function ve(e){let t=/* @__PURE__ */ new Map;return async n=>{let r=t.get(n)??[],i=[],a=!1;do{let t=r[i.length]??null,o=await be(e,n,i.length+1,t?.etag??null),s=o??t;if(s===null)break;a||=o!==null,i.push(s)}while(i.at(-1)?.comments.length===100);return t.set(n,i),a?i.flatMap(e=>e.comments):null}}async function ye(e,n){let r=await t(e,`read comment ${n}`,i,async()=>(await e.octokit.rest.issues.getComment({owner:e.owner,repo:e.name,comment_id:n})).data);return r===null?null:b(r)}async function be(e,t,n,r){let i=await o(e,`read the comments of issue #${t}`,p(H),async()=>{try{let i=await e.octokit.rest.issues.listComments({owner:e.owner,repo:e.name,issue_number:t,per_page:100,page:n,headers:r===null?{}:{"if-none-match":r}});return{etag:i.headers.etag??null,comments:i.data}}catch(e){if(r!==null&&u(e)?.status===304)return null;throw e}});return i===null?null:{etag:i.etag,comments:i.comments.map(b)}}const U=`open an issue`,W=1e4,xe=[`ECONNREFUSED`,`ENOTFOUND`,`EAI_AGAIN`,`EHOSTUNREACH`,`ENETUNREACH`,`UND_ERR_CONNECT_TIMEOUT`];function G(e){let t=/* @__PURE__ */ new Map;return async(n,r,i)=>{let a=AbortSignal.timeout(i??W),o=async()=>{let t={issue_number:n,body:r,request:{signal:a}};return(await e.once.rest.issues.createComment({...Q(e),...t})).data},s=await Y(e,`write a comment to issue #${n}`,ie,async()=>{try{return await o()}catch(e){if(!J(e))throw e}return Ce(e,t,{issue:n,post:o,signal:a,untilLocked:i===void 0})});return{id:s.id,createdAt:s.created_at}}}async function Se(e,t){let n=await Y(e,U,c,async()=>{let n={signal:AbortSignal.timeout(W)};return(await e.once.rest.issues.create({...Q(e),...t,request:n})).data});return{number:n.number,url:n.html_url}}async function K(e,t,n){let{open:r,completed:i,...a}=n;await o(e,`change issue #${t}`,m(),()=>e.octokit.rest.issues.update({...Q(e),issue_number:t,...a,...De(r,i)}))}async function q(e,t,n){let r=n===void 0?{}:{lock_reason:n};await o(e,`lock issue #${t}`,m(),()=>e.octokit.rest.issues.lock({...Q(e),issue_number:t,...r}))}async function Ce(e,t,n){let{issue:r,post:i,signal:a}=n,o=t.get(r),s=Promise.withResolvers();t.set(r,s.promise),await Promise.race([o,Ee(a)]);try{return await we(e,r,a),await i()}catch(e){throw J(e)?Te(r,e):e}finally{q(e,r).then(s.resolve,()=>s.resolve()),n.untilLocked&&await s.promise}}async function we(t,n,r){try{await t.once.rest.issues.unlock({...Q(t),issue_number:n,request:{signal:r}})}catch(r){let i=d(r,{doing:`unlock it`,job:t.job}),a=`Issue #${n} is locked and this job ${i.code===`permission`?`may not`:`could not`} unlock it, so nothing was written. ${i.message}`;throw new e(`not-written`,a,`Unlock the issue on GitHub and try again. ${i.remedy}`,{cause:r})}}function Te(t,n){return new e(`not-written`,`Issue #${t} is locked. This job unlocked it, but it was locked again before anything was written.`,`Unlock the issue on GitHub and try again.`,{cause:n})}function J(e){let t=u(e);return t?.status===403&&t.message.includes(`issue is locked`)}function Ee(e){return new Promise(t=>{e.aborted&&t(),e.addEventListener(`abort`,()=>t(),{once:!0})})}function De(e,t){return e===void 0?{}:e?{state:`open`}:{state:`closed`,state_reason:t===!0?`completed`:`not_planned`}}async function Y(e,t,n,r){let i;try{i=await r()}catch(n){throw Oe(n,t,e)}let a=f(n,i);if(!a.success)throw X(t,`its answer was cut short`,null);return a.output}function Oe(t,n,r){if(t instanceof e)return t;let i=u(t);if(i!==null&&i.status>=500)return X(n,`it answered ${i.status}`,t);if(i===null&&!Z(t))return X(n,se(t),t);let a=d(t,{doing:n,job:r.job});return new e(`not-written`,a.message,a.remedy,{cause:t})}function X(t,n,r){return new e(`not-confirmed`,`GitHub did not confirm that it could ${t}: ${n}. It may have been written.`,t===U?`Look for a new issue with the label debug-request before trying again; the sweep closes it.`:`Look at the issue before trying again.`,{cause:r})}function Z(e){return e instanceof Error?`code`in e&&typeof e.code==`string`&&xe.includes(e.code)?!0:Z(e.cause):!1}function Q(e){return{owner:e.owner,repo:e.name}}function ke(e,t){let n=$(e,t);return{facts:e=>M(n,e),blob:e=>P(n,e),run:e=>je(n,e),environment:(e,t)=>de(n,e,t),issue:e=>N(n,e),createIssue:e=>Se(n,e),updateIssue:(e,t)=>K(n,e,t),lockIssue:e=>q(n,e,`resolved`),comment:G(n),poll:ve(n),readComment:e=>ye(n,e),openRequests:()=>Me(n)}}function $(e,t){return{...e,...Ae(t)}}function Ae(t){let n=/^([A-Za-z0-9_-]+)\/([A-Za-z0-9._-]+)$/.exec(t);if(n?.[1]===void 0||n[2]===void 0)throw new e(`input`,`${JSON.stringify(t)} is no repository.`,`Write owner/name, as GITHUB_REPOSITORY has it.`);return{owner:n[1],name:n[2]}}async function je(e,t){let n=await o(e,`read the workflow run ${t}`,a,async()=>(await e.octokit.rest.actions.getWorkflowRun({owner:e.owner,repo:e.name,run_id:t,exclude_pull_requests:!0})).data);return{id:n.id,attempt:n.run_attempt,event:n.event,status:n.status,conclusion:n.conclusion,workflow:n.path.split(`@`,1)[0]??n.path,commit:n.head_sha,branch:n.head_branch,url:n.html_url,actor:_(n.actor),triggeringActor:_(n.triggering_actor)}}async function Me(e){return(await o(e,`list the open requests`,oe,()=>e.octokit.paginate(e.octokit.rest.issues.listForRepo,{owner:e.owner,repo:e.name,labels:`debug-request`,state:`open`,sort:`created`,direction:`asc`,per_page:100}))).filter(e=>e.pull_request===void 0).map(e=>e.number)}export{G as i,$ as n,K as r,ke as t};