import{t as e}from"./chunk-fault-C916uYO5.js";import{a as t,i as n,n as r,o as i,r as a,t as o}from"./chunk-ask-CylDzy8D.js";import{a as s,c,d as ee,g as l,h as te,i as ne,l as u,m as re,n as d,o as f,p,s as ie,t as ae,u as oe}from"./chunk-shapes-8Mv6oAzK.js";import{H as m,I as se,R as ce,h as le,t as ue,x as h}from"./chunk-dist-B3TGwMph.js";const g={id:41898282,login:`github-actions[bot]`,bot:!0};function _(e){return e===null?null:y(e.databaseId??null,e.login,e.__typename)}function v(e){return y(e.id,e.login,e.type)??{id:e.id,login:e.login,bot:!0}}function y(e,t,n){if(n===`Bot`){let n=t.endsWith(`[bot]`)?t:`${t}[bot]`;return n===g.login?{...g}:e===null?null:{id:e,login:n,bot:!0}}return e===null?null:{id:e,login:t,bot:n!==`User`}}function b(e){let t=_(e.editor);return{id:e.fullDatabaseId,author:_(e.author),createdAt:e.createdAt,editedAt:e.lastEditedAt,...t===null?{}:{editorId:t.id},body:e.body}}function x(e){return{id:e.id,author:e.user===null?null:v(e.user),createdAt:e.created_at,editedAt:e.updated_at===e.created_at?null:e.updated_at,body:e.body,throughApp:e.performed_via_github_app!==null}}async function de(e,t,n){let i=await r(e,`read the environment ${t}`,oe,async()=>(await e.octokit.rest.repos.getEnvironment({...S(e),environment_name:t})).data);return i===null?null:{name:i.name,branches:await fe(e,i,n),adminBypass:i.can_admins_bypass??null,reviewers:he(i),waitMinutes:Math.max(0,...i.protection_rules.map(e=>e.wait_timer??0))}}async function fe(e,t,n){let r=t.deployment_branch_policy;return r?.custom_branch_policies===!0?{kind:`named`,patterns:await pe(e,t.name)}:r?.protected_branches===!0?{kind:`protected`,defaultBranchProtected:await me(e,n)}:{kind:`all`}}async function pe(e,t){let n=`read which branches may deploy to the environment ${t}`;return(await o(e,n,c,()=>e.octokit.paginate(e.octokit.rest.repos.listDeploymentBranchPolicies,{...S(e),environment_name:t,per_page:100}))).map(({name:e,type:t})=>({name:e,type:t}))}async function me(e,t){return(await o(e,`read the branch ${t}`,ie,async()=>(await e.octokit.rest.repos.getBranch({...S(e),branch:t})).data)).protected}function he(e){return e.protection_rules.flatMap(e=>e.reviewers??[]).map(({reviewer:e})=>e?.login??(e?.slug===void 0?`somebody`:`team ${e.slug}`))}function S(e){return{owner:e.owner,repo:e.name}}function ge(e){let t=_(e.actor),n=_(e.deletedCommentAuthor)?.id??null;return{at:e.createdAt,authorId:n,...t===null?{}:{actorId:t.id}}}function _e(e){let t=_(e.actor),{createdAt:n,previousTitle:r,currentTitle:i}=e;return{at:n,byLogin:t?.login??e.actor?.login??null,byIsBot:t?.bot??e.actor?.__typename===`Bot`,from:r,to:i}}function ve(e,t){let{userContentEdits:n,lastEditedAt:r,editor:i}=e;return(n===null?r===null?[]:[{editedAt:r,editor:i,diff:null,deletedAt:null,deletedBy:null}]:[...n.nodes,...t]).map(ye).toReversed().sort((e,t)=>Date.parse(e.at)-Date.parse(t.at))}function ye({editedAt:e,editor:t,diff:n,deletedAt:r,deletedBy:i}){let a=_(t);return{at:e,text:n,editorId:a?.id??null,editorLogin:a?.login??t?.login??null,editorIsBot:a?.bot??t?.__typename===`Bot`,erased:r===null?null:{at:r,byLogin:_(i)?.login??null}}}const C=`
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
fragment changes on IssueTimelineItemsConnection {
  pageInfo { hasNextPage endCursor }
  nodes {
    __typename
    ... on CommentDeletedEvent { createdAt actor { ...actor } deletedCommentAuthor { ...actor } }
    ... on RenamedTitleEvent { createdAt actor { ...actor } previousTitle currentTitle }
  }
}`,E=`
fragment edits on UserContentEditConnection {
  pageInfo { hasNextPage endCursor }
  nodes { editedAt editor { ...actor } diff deletedAt deletedBy { ...actor } }
}`,D=`
fragment blob on Blob { oid isBinary isTruncated text }`,O=`
fragment issue on Issue {
  number
  url
  state
  title
  body
  author { ...actor }
  lastEditedAt
  editor { ...actor }
  userContentEdits(first: 100) { ...edits }
  labels(first: 100) { nodes { name } }
  comments(first: 100) { ...comments }
  timelineItems(itemTypes: [COMMENT_DELETED_EVENT, RENAMED_TITLE_EVENT], first: 100) { ...changes }
}`,k=`
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
      nodes { number author { ...actor } comments(last: 20) { ...comments } }
    }
  }
}${D}${O}${w}${T}${E}${C}`,A=`
query snapshot($owner: String!, $name: String!, $issue: Int!) {
  repository(owner: $owner, name: $name) { issue(number: $issue) { ...issue } }
}${O}${w}${T}${E}${C}`,j=`
query moreComments($owner: String!, $name: String!, $issue: Int!, $after: String!) {
  repository(owner: $owner, name: $name) {
    issue(number: $issue) { comments(first: 100, after: $after) { ...comments } }
  }
}${w}${C}`,M=`
query moreChanges($owner: String!, $name: String!, $issue: Int!, $after: String!) {
  repository(owner: $owner, name: $name) {
    issue(number: $issue) {
      timelineItems(itemTypes: [COMMENT_DELETED_EVENT, RENAMED_TITLE_EVENT], first: 100, after: $after) { ...changes }
    }
  }
}${T}${C}`,N=`
query moreEdits($owner: String!, $name: String!, $issue: Int!, $after: String!) {
  repository(owner: $owner, name: $name) {
    issue(number: $issue) { userContentEdits(first: 100, after: $after) { ...edits } }
  }
}${E}${C}`,P=`
query blobText($owner: String!, $name: String!, $oid: GitObjectID!) {
  repository(owner: $owner, name: $name) { object(oid: $oid) { __typename ...blob } }
}${D}`;async function be(e,t){let n=`read the repository ${e.owner}/${e.name}`,r={owner:e.owner,name:e.name,policy:`HEAD:${t.policyPath}`,withIssue:t.issue!==void 0,issue:t.issue??0,withEarlier:t.earlier===!0},{repository:i}=await o(e,n,d,()=>F(e,k,r)),a=i.defaultBranchRef;if(a?.target==null)throw Ee(e);return{id:i.databaseId,ownerId:i.owner.databaseId,name:i.nameWithOwner,public:i.visibility===`PUBLIC`,defaultBranch:a.name,policy:z(t.policyPath,a.target.oid,i.policy),earlier:(i.earlier?.nodes??[]).filter(e=>e.number!==t.issue).map(({number:e,author:t,comments:n})=>({issue:e,author:_(t),comments:R(n.nodes.map(b))})),issue:i.issue==null?null:await I(e,i.issue)}}async function xe(t,n){let r={owner:t.owner,name:t.name,issue:n},{repository:i}=await o(t,`read issue #${n}`,l,()=>F(t,A,r));if(i.issue!==null)return I(t,i.issue);throw new e(`not-found`,`There is no issue #${n} in ${t.owner}/${t.name}.`,`Check the issue number; a deleted request shows in the next request's record "earlier".`)}async function Se(e,t){let n={owner:e.owner,name:e.name,oid:t},{repository:r}=await o(e,`read the blob ${t}`,ae,()=>F(e,P,n));return r.object?.__typename===`Blob`?B(`the blob ${t}`,r.object):null}async function F(e,n,r){try{return await e.octokit.graphql(n,r)}catch(e){let n=t(e);if(n?.errors.every(e=>e.type===`NOT_FOUND`&&e.path?.length===2&&e.path[0]===`repository`&&e.path[1]===`issue`)===!0&&n?.data!=null)return n.data;throw e}}async function I(e,t){let n=[...t.comments.nodes,...await Ce(e,t)],r=[...t.timelineItems.nodes,...await we(e,t)];return{number:t.number,url:t.url,open:t.state===`OPEN`,labels:(t.labels?.nodes??[]).map(e=>e.name),title:t.title,body:t.body,author:_(t.author),commentCount:t.comments.totalCount,comments:R(n.map(b)),deletions:r.flatMap(e=>e.__typename===`CommentDeletedEvent`?ge(e):[]),bodyEdits:ve(t,await Te(e,t)),renames:r.flatMap(e=>e.__typename===`RenamedTitleEvent`?_e(e):[])}}async function Ce(e,t){return L(t.comments,async n=>{let r={owner:e.owner,name:e.name,issue:t.number,after:n},i=`read the comments of issue #${t.number}`;return(await o(e,i,s,()=>F(e,j,r))).repository.issue.comments})}async function we(e,t){return L(t.timelineItems,async n=>{let r={owner:e.owner,name:e.name,issue:t.number,after:n},i=`read the deletions of issue #${t.number}`;return(await o(e,i,ne,()=>F(e,M,r))).repository.issue.timelineItems})}async function Te(e,t){return t.userContentEdits===null?[]:L(t.userContentEdits,async n=>{let r={owner:e.owner,name:e.name,issue:t.number,after:n},i=`read who edited issue #${t.number}`;return(await o(e,i,f,()=>F(e,N,r))).repository.issue.userContentEdits})}async function L(e,t){let n=[],{hasNextPage:r,endCursor:i}=e.pageInfo;for(;r&&i!==null;){let e=await t(i);n.push(...e.nodes),{hasNextPage:r,endCursor:i}=e.pageInfo}return n}function R(e){return[...new Map(e.map(e=>[e.id,e])).values()].sort((e,t)=>e.id-t.id)}function z(t,n,r){if(r===null)return null;if(r.__typename!==`Blob`)throw new e(`policy`,`The policy ${t} is a folder or a submodule.`,`Name a file in the input policy.`);return{path:t,commit:n,blob:r.oid,text:B(`the policy ${t}`,r)}}function B(t,n){if(n.isBinary===!0||n.text===null)throw new e(`policy`,`GitHub takes ${t} for binary: it is not UTF-8 text.`,`Save it as UTF-8 text.`);if(n.isTruncated)throw new e(`policy`,`GitHub gives only a part of ${t}: it is too long.`,`Shorten it to below 512 KB.`);return n.text}function Ee(t){return new e(`not-found`,`The repository ${t.owner}/${t.name} has no commit on a default branch.`,`Push the workflow and the policy to the default branch first.`)}const De=le({etag:h(ce()),comments:ue(u)});function Oe(e){let t=/* @__PURE__ */ new Map;return async n=>{let r=t.get(n)??[],i=[],a=!1;do{let t=r[i.length]??null,o=await Ae(e,n,i.length+1,t?.etag??null),s=o??t;if(s===null)break;a||=o!==null,i.push(s)}while(i.at(-1)?.comments.length===100);return t.set(n,i),a?i.flatMap(e=>e.comments):null}}async function ke(e,t){let n=await r(e,`read comment ${t}`,u,async()=>(await e.octokit.rest.issues.getComment({owner:e.owner,repo:e.name,comment_id:t})).data);return n===null?null:x(n)}async function Ae(e,t,n,r){let i=await o(e,`read the comments of issue #${t}`,h(De),async()=>{try{let i=await e.octokit.rest.issues.listComments({owner:e.owner,repo:e.name,issue_number:t,per_page:100,page:n,headers:r===null?{}:{"if-none-match":r}});return{etag:i.headers.etag??null,comments:i.data}}catch(e){if(r!==null&&a(e)?.status===304)return null;throw e}});return i===null?null:{etag:i.etag,comments:i.comments.map(x)}}const V=`open an issue`,H=1e4,je=[`ECONNREFUSED`,`ENOTFOUND`,`EAI_AGAIN`,`EHOSTUNREACH`,`ENETUNREACH`,`UND_ERR_CONNECT_TIMEOUT`];function U(e){let t=/* @__PURE__ */ new Map;return async(n,r,i)=>{let a=AbortSignal.timeout(i??H),o=async()=>{let t={issue_number:n,body:r,request:{signal:a}};return(await e.once.rest.issues.createComment({...Z(e),...t})).data},s=await J(e,`write a comment to issue #${n}`,re,async()=>{try{return await o()}catch(e){if(!q(e))throw e}return Pe(e,t,{issue:n,post:o,signal:a,untilLocked:i===void 0})});return{id:s.id,createdAt:s.created_at}}}async function W(e,t){let n=await J(e,V,te,async()=>{let n={signal:AbortSignal.timeout(H)};return(await e.once.rest.issues.create({...Z(e),...t,request:n})).data});return{number:n.number,url:n.html_url}}async function G(e,t,n){let{open:r,completed:i,...a}=n;await o(e,`change issue #${t}`,m(),()=>e.octokit.rest.issues.update({...Z(e),issue_number:t,...a,...Re(r,i)}))}async function K(e,t,n){let r=n===void 0?{}:{lock_reason:n};await o(e,`lock issue #${t}`,m(),()=>e.octokit.rest.issues.lock({...Z(e),issue_number:t,...r}))}async function Me(e,t,n){await o(e,`put the label ${n} on issue #${t}`,m(),()=>e.octokit.rest.issues.addLabels({...Z(e),issue_number:t,labels:[n]}))}async function Ne(e,t,n){await o(e,`take the label ${n} off issue #${t}`,m(),async()=>{try{return await e.octokit.rest.issues.removeLabel({...Z(e),issue_number:t,name:n})}catch(e){if(a(e)?.status===404)return{data:null};throw e}})}async function Pe(e,t,n){let{issue:r,post:i,signal:a}=n,o=t.get(r),s=Promise.withResolvers();t.set(r,s.promise),await Promise.race([o,Le(a)]);try{return await Fe(e,r,a),await i()}catch(e){throw q(e)?Ie(r,e):e}finally{K(e,r).then(s.resolve,()=>s.resolve()),n.untilLocked&&await s.promise}}async function Fe(t,r,i){try{await t.once.rest.issues.unlock({...Z(t),issue_number:r,request:{signal:i}})}catch(i){let a=n(i,{doing:`unlock it`,job:t.job}),o=`Issue #${r} is locked and this job ${a.code===`permission`?`may not`:`could not`} unlock it, so nothing was written. ${a.message}`;throw new e(`not-written`,o,`Unlock the issue on GitHub and try again. ${a.remedy}`,{cause:i})}}function Ie(t,n){return new e(`not-written`,`Issue #${t} is locked. This job unlocked it, but it was locked again before anything was written.`,`Unlock the issue on GitHub and try again.`,{cause:n})}function q(e){let t=a(e);return t?.status===403&&t.message.includes(`issue is locked`)}function Le(e){return new Promise(t=>{e.aborted&&t(),e.addEventListener(`abort`,()=>t(),{once:!0})})}function Re(e,t){return e===void 0?{}:e?{state:`open`}:{state:`closed`,state_reason:t===!0?`completed`:`not_planned`}}async function J(e,t,n,r){let i;try{i=await r()}catch(n){throw ze(n,t,e)}let a=se(n,i);if(!a.success)throw Y(t,`its answer was cut short`,null);return a.output}function ze(t,r,o){if(t instanceof e)return t;let s=a(t);if(s!==null&&s.status>=500)return Y(r,`it answered ${s.status}`,t);if(s===null&&!X(t))return Y(r,i(t),t);let c=n(t,{doing:r,job:o.job});return new e(`not-written`,c.message,c.remedy,{cause:t})}function Y(t,n,r){return new e(`not-confirmed`,`GitHub did not confirm that it could ${t}: ${n}. It may have been written.`,t===V?`Look for a new issue with the label debug-request before trying again; the sweep closes it.`:`Look at the issue before trying again.`,{cause:r})}function X(e){return e instanceof Error?`code`in e&&typeof e.code==`string`&&je.includes(e.code)?!0:X(e.cause):!1}function Z(e){return{owner:e.owner,repo:e.name}}function Be(e,t){let n=Q(e,t);return{facts:e=>be(n,e),blob:e=>Se(n,e),run:e=>He(n,e),environment:(e,t)=>de(n,e,t),issue:e=>xe(n,e),createIssue:e=>W(n,e),updateIssue:(e,t)=>G(n,e,t),lockIssue:e=>K(n,e,`resolved`),addLabel:(e,t)=>Me(n,e,t),removeLabel:(e,t)=>Ne(n,e,t),comment:U(n),poll:Oe(n),readComment:e=>ke(n,e),openRequests:()=>$(n,`list the open requests`,{labels:`debug-request`,state:`open`,sort:`created`}),brokenGlass:e=>$(n,`list what broke the glass`,{labels:`debug:break-glass`,state:`all`,sort:`updated`,since:new Date(e).toISOString()}),undelivered:()=>$(n,`list what is to be delivered`,{labels:`debug:undelivered`,state:`closed`,sort:`updated`})}}function Q(e,t){return{...e,...Ve(t)}}function Ve(t){let n=/^([A-Za-z0-9_-]+)\/([A-Za-z0-9._-]+)$/.exec(t);if(n?.[1]===void 0||n[2]===void 0)throw new e(`input`,`${JSON.stringify(t)} is no repository.`,`Write owner/name, as GITHUB_REPOSITORY has it.`);return{owner:n[1],name:n[2]}}async function He(e,t){let n=await o(e,`read the workflow run ${t}`,p,async()=>(await e.octokit.rest.actions.getWorkflowRun({owner:e.owner,repo:e.name,run_id:t,exclude_pull_requests:!0})).data);return{id:n.id,attempt:n.run_attempt,event:n.event,status:n.status,conclusion:n.conclusion,workflow:n.path.split(`@`,1)[0]??n.path,commit:n.head_sha,branch:n.head_branch,url:n.html_url,actor:v(n.actor),triggeringActor:v(n.triggering_actor)}}async function $(e,t,n){return(await o(e,t,ee,()=>e.octokit.paginate(e.octokit.rest.issues.listForRepo,{owner:e.owner,repo:e.name,...n,direction:`asc`,per_page:100}))).filter(e=>e.pull_request===void 0).map(e=>e.number)}export{W as a,C as c,E as d,O as f,U as i,T as l,Q as n,F as o,G as r,I as s,Be as t,w as u};