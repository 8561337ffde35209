import{C as e,D as t,E as n,R as r,V as i,h as a,x as o}from"./chunk-dist-CyR3KzKq.js";import{t as s}from"./chunk-fault-C916uYO5.js";import{n as c}from"./chunk-server-BVju6pQm.js";import{r as l,t as u}from"./chunk-load-DJw6Y2La.js";import{n as d}from"./chunk-duration-UXyK1U8P.js";import{n as f}from"./chunk-evaluate-DpOjx4TO.js";import{o as p,t as m}from"./chunk-people-BaBgkRuz.js";import{a as h,i as g,r as _}from"./chunk-workflow-CqIgZSvn.js";import{t as v}from"./chunk-wishes-DrJ7Cciy.js";import{promisify as y}from"node:util";import{fileURLToPath as b}from"node:url";import{execFile as x}from"node:child_process";import{readFile as S,realpath as C}from"node:fs/promises";var w=l();const T={requesters:`requesters`,approvers:`approvers`},E={key:`hello`,script:`.github/runbooks/hello.sh`,window:`5m`};function ee(e){return`${[te(e),ne(e),re(e),ie(),ae(e),D(),O(e)].join(`

`)}\n`}function te({schema:e,repository:t,branch:n,manual:r,public:i,adminBypass:a}){return`# yaml-language-server: $schema=${e}
# The policy of ${t}: who may ask to debug, who must approve, and what exactly may then run.
# Only what stands on ${n} counts. After each change: debug-approval policy check
# Every key is explained at ${r}
version: 1

# Everybody who can read the repository reads reasons and records. In a public one that is the whole world: only \`true\`
# allows it.
public: ${i}

# Where administrators could bypass an environment's protection: \`forbid\` refuses to ask, \`show\` says so on each request.
admin-bypass: ${a}`}function ne({people:e,requesters:t,approvers:n}){return`# One entry for each human: nothing else says which accounts are the same person. The next one is added by
#   debug-approval policy add-person LOGIN @HANDLE --group ${T.approvers}
# Whoever has no \`slack\` decides by a comment on the request's issue.
people:
${Object.entries(e).map(e=>`  ${k(Object.fromEntries([e])).slice(2,-2)}`).join(`
`)}

groups:
  # Those who may ask.
  ${T.requesters}: { members: ${k(t)} }
  # Those who may approve what others ask: nobody approves their own request.
  ${T.approvers}: { members: ${k(n)} }

requesters: [${T.requesters}]`}function re({targets:e,window:t}){let n=Object.keys(e);return`# Where a runbook may run. Each target has its protected GitHub environment, which holds the target's secrets. Rules may
# name targets by their tier.
targets:
${Object.entries(e).map(([e,t])=>`  ${e}: ${k({environment:t,tier:e})}`).join(`
`)}

# The reviewed debug procedures. \`run\` is the command, one element for each argument: no shell reads it. A new one, like a
# new target, also needs its place in the lists of choices in .github/workflows/debug.yml.
runbooks:
  ${E.key}:
    title: Say hello, to try everything harmlessly
    run: ${k([E.script])}
    targets: ${k(n)}
    risk: low
    window: ${A(E.window,t)}`}function ie(){return`# Who must approve: every rule that applies must be met. A stricter one, for what may do harm:
#   - name: Two people look at what is risky
#     when: { risks: [high] }
#     require: { count: 2, of: ${T.approvers} }
rules:
  - name: Somebody else looks at everything
    require: { count: 1, of: ${T.approvers} }

# A reason has at least so many characters.
reason: { min-length: 10 }`}function ae({expiry:e,window:t,channel:n}){return`# The longest that a request waits for approval, and that a debug job may run. The \`timeout-minutes\` of the jobs ask and
# debug in .github/workflows/debug.yml must outlast them.
expiry: ${e}
window: ${t}

${n===null?`# Approvers are asked on the request's issue alone. For Slack, name a channel's id here:
# slack: { channel: C012AB3CD }`:`# The channel in which approvers are asked, by its id.
slack: ${k({channel:n})}`}`}function D(){return`# What a request shared beside its issue is deleted by the sweep so long after its end; left out, it stays:
# retention: { slack: 30d, transcript: 30d, run-logs: 90d }
# Secrets and personal data are masked in what commands print; here, values that stay and patterns of your own that go:
# redaction: { allow: [support@example.com], patterns: [{ id: order-number, pattern: 'ORD-[0-9]{8}' }] }`}function O({issuer:e,workflows:t}){return`# Whose signatures on records count: those of these workflows on the default branch.
signers:
${e===null?``:`  issuer: ${k(e)}\n`}  workflows: ${k(t)}`}function k(e){return(0,w.stringify)(e,{collectionStyle:`flow`,lineWidth:0,flowCollectionPadding:!Array.isArray(e)}).trim()}function A(e,t){return(d(t)??0)<(d(e)??0)?t:e}const j={policy:`.github/debug-approval.yml`,debug:`.github/workflows/debug.yml`,sweep:`.github/workflows/sweep.yml`,doctor:`.github/workflows/doctor.yml`,hello:E.script,manifest:`slack-app-manifest.yml`};function M(e){let{product:t,action:n}=e;L(e);let{text:r,policy:i}=e.kept??N(e),a=_(t.debug,{runbooks:Object.keys(i.runbooks),targets:Object.keys(i.targets),expirySeconds:i.expirySeconds,windowSeconds:i.windowSeconds}),o=Object.values(i.runbooks).some(({run:e})=>e[0]===j.hello);return{files:[P(j.policy,r),P(j.debug,g(a,n)),P(j.sweep,g(t.sweep,n)),...t.doctor===null?[]:[P(j.doctor,g(t.doctor,n))],...o?[{path:j.hello,text:t.hello,executable:!0}]:[],...i.slack===void 0?[]:[P(j.manifest,t.manifest)]],policy:i,notes:H(e,i)}}function N(e){let{wishes:t,known:n,repository:r,branch:i,action:a}=e,o=ee({repository:r,branch:i,...F(a),public:t.public,adminBypass:t.adminBypass??v.adminBypass,people:n.people,targets:t.targets,channel:n.channel,issuer:t.issuer,requesters:I(n,t.requesters),approvers:I(n,t.approvers),expiry:t.expiry,window:t.window,workflows:[j.debug,j.sweep]});return{text:o,policy:R(o,e)}}const P=(e,t)=>({path:e,text:t,executable:!1});function F({name:e,sha:t}){return{schema:`https://raw.githubusercontent.com/${e}/${t}/schema/debug-approval.schema.json`,manual:`https://github.com/${e}/blob/${t}/docs/POLICY.md`}}function I({people:e,keys:t},n){return n.length===0?Object.keys(e):[...new Set(n.map(e=>t.get(e.toLowerCase())??e))]}function L({wishes:e,known:t,kept:n,repository:r}){if(!(e.public||t.repository?.public!==!0))throw new s(`refused`,`${r} is public: everybody in the world would read the reasons, the records and what the runbooks print into the jobs' logs.`,`Use a private repository, or ${n===null?`give --public`:"write `public: true` into the policy"} if that is meant.`)}function R(e,{apiIsLoopback:t}){let n=u(e,{apiIsLoopback:t});if(!n.ok){let e=n.problems.map(({path:e,message:t})=>`${e}: ${t}`).join(`
`);throw new s(`refused`,`The policy would have mistakes:\n${e}`,`Change the flags that they come from.`)}let r=B(n.policy),i=m(n.policy,n.policy.requesters);if(r.length<i.length)return n.policy;throw new s(`refused`,`With this policy no request could ever be approved: ${p(n.policy,r)} may ask, and nobody else may approve.`,`Name at least one more human: --person LOGIN, and --approver LOGIN where approvers are listed.`)}const z={urgency:`normal`,inputs:{},askedAt:`2026-01-05T12:00:00Z`};function B(e){let t=Object.keys(e.people),n=V(e);return m(e,e.requesters).filter(r=>(e.runbooks[n.runbook]?.targets??[]).some(i=>{let a={runbook:n.runbook,target:i,requester:r,excluded:[r],...z};return f(e,a,t).status!==`met`}))}function V({runbooks:e}){let[t=``]=Object.keys(e),n=Object.hasOwn(e,E.key)?E.key:t;return{runbook:n,target:e[n]?.targets[0]??``}}function H({known:e,repository:t,branch:n},r){let i=[],a=B(r);a.length>0&&i.push(`Nobody could approve what ${p(r,a)} asks: nobody approves their own request.`),e.repository===null?i.push(`GitHub shows no repository ${t} to this token, so it is not known whether it is public or has environments.`):e.repository.defaultBranch!==n&&i.push(`GitHub's default branch of ${t} is ${e.repository.defaultBranch}, not ${n}: requests are made there alone.`),r.public&&i.push(`The policy allows a public repository: the whole world reads reasons and records.`),Math.max(r.expirySeconds,r.windowSeconds)>21e3&&i.push(`A GitHub-hosted job ends after 6 hours, whatever the policy says: longer times need runners of your own.`);let o=r.adminBypass===`forbid`?G(e):[];return o.length>0&&i.push(oe(e,o)),i}function oe(e,t){let n=`Administrators can bypass the environments ${t.join(`, `)} now, which this policy forbids, so that every request would be refused.`,r=`Untick "Allow administrators to bypass configured protection rules" there`;return U(e)?`${n} ${r}.`:`${n} ${r}; on GitHub Pro and Team a private repository has no such switch: choose --admin-bypass show.`}function U({repository:e,environments:t}){return e?.public===!0||h(K(t))}function W({adminBypass:e},t){return e===null&&t.repository!==null&&(G(t).length>0||!U(t))}const G=({environments:e})=>K(e).flatMap(({name:e,adminBypass:t})=>t===!0?[e]:[]),K=e=>Object.values(e).filter(e=>typeof e!=`string`),q=new URL(`../../`,import.meta.url);async function se(){let[e,t,n,r,i]=await Promise.all([J(j.debug),J(j.sweep),Y(j.doctor),J(j.hello),J(j.manifest)]);return{debug:e,sweep:t,doctor:n,hello:r,manifest:i}}async function J(e){let t=await Y(e);if(t!==null)return t;throw new s(`environment`,`This copy of Debug Approval is incomplete: ${b(new URL(e,q))} is missing.`,`Clone or install it again.`)}async function Y(e){try{return(await S(new URL(e,q),`utf8`)).replaceAll(`\r
`,`
`)}catch(e){if(e instanceof Error&&`code`in e&&e.code===`ENOENT`)return null;throw e}}async function ce(e){let t=await $(e,[`rev-parse`,`--show-toplevel`]);if(`answer`in t)return C(t.answer);throw new s(`input`,`${e} is in no git work tree: ${t.refusal}`,`Go to your repository, or name it with --directory; a new one is made with git init.`)}async function le(e,t){let[n,r,i]=await Promise.all([X(e,t),ue(e),Z(t)]);return{repository:n,branch:r,action:i}}async function X(e,t){for(let n of[[`config`,`--get`,`remote.origin.url`],[`remote`,`get-url`,`origin`]]){let r=await Q(e,n),i=r===null?null:c(r,t);if(i!==null)return i}return null}async function ue(e){return(await Q(e,[`symbolic-ref`,`--short`,`refs/remotes/origin/HEAD`]))?.replace(/^origin\//,``)??Q(e,[`symbolic-ref`,`--short`,`HEAD`])}async function Z(e){let t=await C(b(q)),n=await Q(t,[`rev-parse`,`--show-toplevel`]);if(n===null||await C(n)!==t)return null;let[r,i,a]=await Promise.all([X(t,e),Q(t,[`rev-parse`,`--verify`,`HEAD`]),Q(t,[`status`,`--porcelain`,`--`,`action`,`action.yml`])]);return r===null||i===null?null:{name:r,sha:i,clean:a===``}}async function Q(e,t){let n=await $(e,t);return`answer`in n?n.answer:null}async function $(e,n){let r=Object.fromEntries(Object.entries(process.env).filter(([e])=>!/^GIT_/i.test(e)));try{let{stdout:t}=await y(x)(`git`,[`-C`,e,...n],{env:r});return{answer:t.trim()}}catch(e){let{code:n,stderr:r}=t(de,e);if(typeof n==`number`)return{refusal:r.trim().split(`
`,1)[0]??``};throw new s(`environment`,`git could not be run: ${e instanceof Error?e.message:String(e)}`,`Install git, and let PATH name its folder.`,{cause:e})}}const de=a({code:n(o(i([e(),r()]))),stderr:n(r(),``)});export{q as a,W as c,T as d,E as f,ce as i,V as l,X as n,se as o,Z as r,j as s,le as t,M as u};