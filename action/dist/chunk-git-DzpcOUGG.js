import{A as e,C as t,F as n,R as r,S as i,p as a,t as o,w as s,x as c,y as l}from"./chunk-dist-DG-YIuCO.js";import{t as u}from"./chunk-fault-DiBTtPPO.js";import{i as d,t as f}from"./chunk-load-B-U07ESO.js";import{d as p}from"./chunk-requirement-CXA-MuEW.js";import{n as m}from"./chunk-evaluate-DwYPQOYr.js";import{c as h,i as g}from"./chunk-allot-DzgTuOn8.js";import{t as _}from"./chunk-wishes-BrhThAaw.js";import{promisify as ee}from"node:util";import{fileURLToPath as v}from"node:url";import{execFile as y}from"node:child_process";import{readFile as b,realpath as x}from"node:fs/promises";function S({url:e,loopback:t}){let{host:n,origin:r,pathname:i}=new URL(e);if(n===`api.github.com`)return{url:`https://github.com`,issuer:null,issuerKnown:!0};if(n.startsWith(`api.`)&&n.endsWith(`.ghe.com`)){let e=n.slice(4);return{url:`https://${e}`,issuer:`https://token.actions.${e}`,issuerKnown:!0}}return i.replace(/\/+$/,``)===`/api/v3`||t?{url:r,issuer:`${r}/_services/token`,issuerKnown:!0}:{url:r,issuer:null,issuerKnown:!1}}function C(e){let t=/[/:]([A-Za-z0-9_-]+)\/([A-Za-z0-9._-]+?)(?:\.git)?\/*$/.exec(e.trim());return t===null?null:`${t[1]}/${t[2]}`}var w=d();const T={requesters:`requesters`,approvers:`approvers`},E={key:`hello`,script:`.github/runbooks/hello.sh`,window:`5m`};function te(e){return`${[ne(e),re(e),ie(e),ae(),oe(e),D(e)].join(`

`)}\n`}function ne({schema:e,repository:t,branch:n,manual:r,public:i,adminBypass:a}){return`# yaml-language-server: $schema=${e}
# The policy of ${t}: who may ask to debug, who must approve, and what exactly may then run.
# Only what stands on ${n} counts. After each change: debug-approval policy check
# Every key is explained at ${r}
version: 1

# Everybody who can read the repository reads reasons and records. In a public one that is the whole world: only \`true\`
# allows it.
public: ${i}

# Where administrators could bypass an environment's protection: \`forbid\` refuses to ask, \`show\` says so on each request.
admin-bypass: ${a}`}function re({people:e,requesters:t,approvers:n}){return`# One entry for each human: nothing else says which accounts are the same person. The next one is added by
#   debug-approval policy add-person LOGIN @HANDLE --group ${T.approvers}
# Whoever has no \`slack\` decides by a comment on the request's issue.
people:
${Object.entries(e).map(e=>`  ${O(Object.fromEntries([e])).slice(2,-2)}`).join(`
`)}

groups:
  # Those who may ask.
  ${T.requesters}: { members: ${O(t)} }
  # Those who may approve what others ask: nobody approves their own request.
  ${T.approvers}: { members: ${O(n)} }

requesters: [${T.requesters}]`}function ie({targets:e,window:t}){let n=Object.keys(e);return`# Where a runbook may run. Each target has its protected GitHub environment, which holds the target's secrets. Rules may
# name targets by their tier.
targets:
${Object.entries(e).map(([e,t])=>`  ${e}: ${O({environment:t,tier:e})}`).join(`
`)}

# The reviewed debug procedures. \`run\` is the command, one element for each argument: no shell reads it. A new one, like a
# new target, also needs its place in the lists of choices in .github/workflows/debug.yml.
runbooks:
  ${E.key}:
    title: Say hello, to try everything harmlessly
    run: ${O([E.script])}
    targets: ${O(n)}
    risk: low
    window: ${k(E.window,t)}`}function ae(){return`# Who must approve: every rule that applies must be met. A stricter one, for what may do harm:
#   - name: Two people look at what is risky
#     when: { risks: [high] }
#     require: { count: 2, of: ${T.approvers} }
rules:
  - name: Somebody else looks at everything
    require: { count: 1, of: ${T.approvers} }

# A reason has at least so many characters.
reason: { min-length: 10 }`}function oe({expiry:e,window:t,channel:n}){return`# The longest that a request waits for approval, and that a debug job may run. The \`timeout-minutes\` of the jobs ask and
# debug in .github/workflows/debug.yml must outlast them.
expiry: ${e}
window: ${t}

${n===null?`# Approvers are asked on the request's issue alone. For Slack, name a channel's id here:
# slack: { channel: C012AB3CD }`:`# The channel in which approvers are asked, by its id.
slack: ${O({channel:n})}`}`}function D({issuer:e,workflows:t}){return`# Whose signatures on records count: those of these workflows on the default branch.
signers:
${e===null?``:`  issuer: ${O(e)}\n`}  workflows: ${O(t)}`}function O(e){return(0,w.stringify)(e,{collectionStyle:`flow`,lineWidth:0,flowCollectionPadding:!Array.isArray(e)}).trim()}function k(e,t){return(p(t)??0)<(p(e)??0)?t:e}function A(e,t){let n=(0,w.parseDocument)(e);return t.map(t=>{let r=n.getIn(t.path,!0);if(!(0,w.isNode)(r)||!r.range)throw Error(`There is no value at ${t.path.join(`.`)}.`);let[i,a]=r.range,o=e.slice(a,j(e,a)),s=t.comment===void 0||o.trim()!==``?``:` # ${t.comment}`;return{start:i,end:a,text:t.with+s}}).toSorted((e,t)=>t.start-e.start).reduce((e,t)=>e.slice(0,t.start)+t.text+e.slice(t.end),e)}function j(e,t){let n=e.indexOf(`
`,t);return n<0?e.length:n}const M=i({jobs:e(n(),i({steps:o(i({uses:t(n())}))}))});function N(e,{name:t,sha:n,version:r}){let{jobs:i}=s(M,(0,w.parse)(e));return A(e,Object.entries(i).flatMap(([e,{steps:i}])=>i.flatMap(({uses:i},a)=>{if(i===void 0||!i.startsWith(`./`))return[];let o=i.slice(1).replace(/\/+$/,``);return[{path:[`jobs`,e,`steps`,a,`uses`],with:`${t}${o}@${n}`,comment:`v${r}`}]}))).replace(/^((?:#.*\n)*?)# In your own repository .*\n/,`$1`)}function P(e,{runbooks:t,targets:n,expirySeconds:r,windowSeconds:i}){let a=(e,t)=>({path:[`on`,`workflow_dispatch`,`inputs`,e,`options`],with:(0,w.stringify)(t,{collectionStyle:`flow`,lineWidth:0,flowCollectionPadding:!1}).trim()});return`# Debug Approval: ask, run exactly what was approved, report. The choices of runbook and target are those of the policy: what
# is added to .github/debug-approval.yml is added here too.
`+A(e,[a(`runbook`,t),a(`target`,n),{path:[`jobs`,`ask`,`timeout-minutes`],with:String(F(r))},{path:[`jobs`,`debug`,`timeout-minutes`],with:String(I(i))}]).replace(/^(?:#.*\n)+/,``)}const F=e=>Math.ceil(e/60)+10,I=e=>Math.ceil(e/60)+30,L={policy:`.github/debug-approval.yml`,debug:`.github/workflows/debug.yml`,sweep:`.github/workflows/sweep.yml`,doctor:`.github/workflows/doctor.yml`,hello:E.script,manifest:`slack-app-manifest.yml`};function R(e){let{wishes:t,known:n,product:r,repository:i,branch:a,action:o}=e;H(e);let s=te({repository:i,branch:a,...B(o),public:t.public,adminBypass:t.adminBypass??_.adminBypass,people:n.people,targets:t.targets,channel:n.channel,issuer:t.issuer,requesters:V(n,t.requesters),approvers:V(n,t.approvers),expiry:t.expiry,window:t.window,workflows:[L.debug,L.sweep]}),c=se(s,e),l=P(r.debug,{runbooks:Object.keys(c.runbooks),targets:Object.keys(c.targets),expirySeconds:c.expirySeconds,windowSeconds:c.windowSeconds});return{files:[z(L.policy,s),z(L.debug,N(l,o)),z(L.sweep,N(r.sweep,o)),...r.doctor===null?[]:[z(L.doctor,N(r.doctor,o))],{path:L.hello,text:r.hello,executable:!0},...n.channel===null?[]:[z(L.manifest,r.manifest)]],policy:c,notes:W(e,c)}}const z=(e,t)=>({path:e,text:t,executable:!1});function B({name:e,sha:t}){return{schema:`https://raw.githubusercontent.com/${e}/${t}/schema/debug-approval.schema.json`,manual:`https://github.com/${e}/blob/${t}/docs/POLICY.md`}}function V({people:e,keys:t},n){return n.length===0?Object.keys(e):[...new Set(n.map(e=>t.get(e.toLowerCase())??e))]}function H({wishes:e,known:t,repository:n}){if(!(e.public||t.repository?.public!==!0))throw new u(`refused`,`${n} is public: everybody in the world would read the reasons, the records and what the runbooks print into the jobs' logs.`,`Use a private repository, or give --public if that is meant.`)}function se(e,{apiIsLoopback:t}){let n=f(e,{apiIsLoopback:t});if(!n.ok){let e=n.problems.map(({path:e,message:t})=>`${e}: ${t}`).join(`
`);throw new u(`refused`,`The policy would have mistakes:\n${e}`,`Change the flags that they come from.`)}let r=U(n.policy),i=g(n.policy,n.policy.requesters);if(r.length<i.length)return n.policy;throw new u(`refused`,`With this policy no request could ever be approved: ${h(n.policy,r)} may ask, and nobody else may approve.`,`Name at least one more human: --person LOGIN, and --approver LOGIN where approvers are listed.`)}function U(e){let t=Object.keys(e.people);return g(e,e.requesters).filter(n=>Object.keys(e.targets).some(r=>{let i={runbook:E.key,target:r,excluded:[n]};return m(e,i,t).status!==`met`}))}function W({wishes:e,known:t,repository:n,branch:r},i){let a=[],o=U(i);o.length>0&&a.push(`Nobody could approve what ${h(i,o)} asks: nobody approves their own request.`),t.repository===null?a.push(`GitHub shows no repository ${n} to this token, so it is not known whether it is public or has environments.`):t.repository.defaultBranch!==r&&a.push(`GitHub's default branch of ${n} is ${t.repository.defaultBranch}, not ${r}: requests are made there alone.`),e.public&&a.push(`The policy allows a public repository: the whole world reads reasons and records.`),Math.max(p(e.expiry)??0,p(e.window)??0)>21e3&&a.push(`A GitHub-hosted job ends after 6 hours, whatever the policy says: longer times need runners of your own.`);let s=i.adminBypass===`forbid`?ce(t):[];return s.length>0&&a.push(G(t,s)),a}function G(e,t){let n=`Administrators can bypass the environments ${t.join(`, `)} now, which this policy forbids, so that every request would be refused.`,r=`Untick "Allow administrators to bypass configured protection rules" there`;return K(e)===`there`?`${n} ${r}.`:`${n} ${r}; on GitHub Pro and Team a private repository has no such switch: choose --admin-bypass show.`}function K({repository:e,environments:t}){return e?.public===!0||Object.values(t).some(e=>typeof e!=`string`&&(e.adminBypass===!1||e.reviewers.length>0||e.waitMinutes>0))?`there`:`unknown`}function ce({environments:e}){return Object.values(e).flatMap(e=>typeof e!=`string`&&e.adminBypass===!0?[e.name]:[])}const q=new URL(`../../`,import.meta.url);async function le(){let[e,t,n,r,i]=await Promise.all([J(L.debug),J(L.sweep),Y(L.doctor),J(L.hello),J(L.manifest)]);return{debug:e,sweep:t,doctor:n,hello:r,manifest:i}}async function J(e){let t=await Y(e);if(t!==null)return t;throw new u(`environment`,`This copy of Debug Approval is incomplete: ${v(new URL(e,q))} is missing.`,`Clone or install it again.`)}async function Y(e){try{return(await b(new URL(e,q),`utf8`)).replaceAll(`\r
`,`
`)}catch(e){if(e instanceof Error&&`code`in e&&e.code===`ENOENT`)return null;throw e}}async function ue(e){let t=await $(e,[`rev-parse`,`--show-toplevel`]);if(`answer`in t)return x(t.answer);throw new u(`input`,`${e} is in no git work tree: ${t.refusal}`,`Go to your repository, or name it with --directory; a new one is made with git init.`)}async function de(e){let[t,n,r]=await Promise.all([X(e),Z(e),fe()]);return{repository:t,branch:n,action:r}}async function X(e){let t=await Q(e,[`remote`,`get-url`,`origin`]);return t===null?null:C(t)}async function Z(e){return(await Q(e,[`symbolic-ref`,`--short`,`refs/remotes/origin/HEAD`]))?.replace(/^origin\//,``)??Q(e,[`symbolic-ref`,`--short`,`HEAD`])}async function fe(){let e=await x(v(q)),t=await Q(e,[`rev-parse`,`--show-toplevel`]);if(t===null||await x(t)!==e)return null;let[n,r,i]=await Promise.all([X(e),Q(e,[`rev-parse`,`--verify`,`HEAD`]),Q(e,[`status`,`--porcelain`,`--`,`action`,`action.yml`])]);return n===null||r===null?null:{name:n,sha:r,clean:i===``}}async function Q(e,t){let n=await $(e,t);return`answer`in n?n.answer:null}async function $(e,t){let n=Object.fromEntries(Object.entries(process.env).filter(([e])=>!/^GIT_/i.test(e)));try{let{stdout:r}=await ee(y)(`git`,[`-C`,e,...t],{env:n});return{answer:r.trim()}}catch(e){let{code:t,stderr:n}=s(pe,e);if(typeof t==`number`)return{refusal:n.trim().split(`
`,1)[0]??``};throw new u(`environment`,`git could not be run: ${e instanceof Error?e.message:String(e)}`,`Install git, and let PATH name its folder.`,{cause:e})}}const pe=a({code:t(l(r([c(),n()]))),stderr:t(n(),``)});export{K as a,S as c,L as i,ue as n,R as o,le as r,T as s,de as t};