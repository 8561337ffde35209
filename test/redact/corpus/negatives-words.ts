/** Lines about secrets that hold none: code, placeholders, prose, prefixes; one negative each. */
export const WORDS = `
password: null
password=
"password": true
"password": ""
password: \${DB_PASSWORD}
password=$DB_PASSWORD
password=\${{ secrets.DB_PASSWORD }}
PASSWORD={{ .Values.db.password }}
password: <your password>
password=********
"password":"[REDACTED]"
password: ***
passwordField.focus()
Enter password:
Password must have at least 8 characters
password: string;
password: required
The password was changed yesterday
const password = process.env.DB_PASSWORD
password = os.environ["DB_PASSWORD"]
password=%s
"password": null, "user": "x"
invalid password: try again
token: null
token=undefined
csrf token mismatch
Unexpected token < in JSON at position 0
SyntaxError: Unexpected token } in JSON
tokenizer: cl100k_base
token_count=512
"tokenType": "Bearer"
the secret: patience
secretName: db-credentials
secretKeyRef: { name: db, key: url }
secret/data/app mounted
primary_key: id
public_key_path: /etc/keys/app.pub
foreign key: user_id
keyboard: us
monkey=george
apiKeyRequired: true
api_key: <missing>
API_KEY is not set
Authorization: Bearer <token>
Authorization: Bearer $TOKEN
Authorization header missing
WWW-Authenticate: Basic realm="registry"
authorization: none
Authorization: Bearer ***
"authorization": "[Filtered]"
unauthorized: authentication required
Bearer of bad news
-----BEGIN CERTIFICATE-----
-----BEGIN PUBLIC KEY-----
-----BEGIN PGP PUBLIC KEY BLOCK-----
-----BEGIN RSA PUBLIC KEY-----
the -----BEGIN marker of a file
PWD=/home/runner/work/app/app
OLDPWD=/home/ana
pwd: /srv/app
pwd=C:\\work\\app
grep: /etc/passwd:1:root:x:0:0:root:/root:/bin/bash
Password: NotSet
password=\`pass show db\`
password: (unchanged)
Mountable secrets:   default-token-x7k2p
Tokens:              builder-token-4bcd9
default-token-x7k2p
API_KEY="REPLACE_WITH_YOUR_KEY_1234"
SECRET_KEY=change-me-in-production-1234
Server=h;Password={password};
{"name":"DB_PASSWORD","valueFrom":{"secretKeyRef":{"name":"db","key":"password"}}}
{"name":"API_TOKEN","value":"$(TOKEN)"}
{"name":"password","type":"string","required":true}
{"type":"password","label":"Password"}
username, password = get_auth_from_url(proxy)
CHALLENGE_PASSWORD = ObjectIdentifier("1.2.840")
password = password.encode("utf8")
creds.password = authSplit.join(':')
from .authorization import AuthorizationEndpoint
mkdir -p /var/lib/app1
docker run -p 5432:5432 postgres:16
ssh -p 2222 ana@h
psql -h db -p 5432 -U app
mysql -u root -p
mysql -h db -P 3306 -u app
docker compose -p app1 up
node -p "1+1"
nc -w 5 h 80
openssl pkcs12 -passout env:PW
-passin file:/run/pw
requirepass ""
Wrong password for user ana2
Password reset for user: ana2026
user.setPassword(hash)
Password must contain at least 8 characters
auth: required
"auth": true
jdbc:oracle:thin:@//h:1521/x
sqlplus / as sysdba
Authorization failed for user ana
authorization server metadata
LS0tLS1CRUdJTiBDRVJUSUZJQ0FURS0tLS0t
?sig=1&v=2
x-hub-signature-256: sha256=
API-REFERENCE-GUIDE
sdk-deadbeef
pat-na1-
AZDO build
sha256~
sqp_count
nf_conntrack
ATTACH DATABASE
AKIA is the prefix of access keys
AKIAIOSFOD
ghp_ is the prefix of classic tokens
ghp_short
github_pat_… has 93 characters
sk-learn 1.5.0
sk-animation-fade-in-out-transition
task-definition-12345678901234567890
risk-assessment-for-the-next-quarter
sk_buff
sk_live_
pk_test_key
npm_config_cache=/tmp/cache
npm_package_json=/app/package.json
npm_lifecycle_script
pypi-server started
SG.1
glpat-
xoxb- tokens begin so
AIza
ya29
eyJ
eyJhIjoxfQ==
eyJ0b3RhbCI6MTJ9
hf_hub_download
hf_transfer enabled
r8_t
SKIPPED 3 tests
SK-II
hvs.
key-value store
key-1234
lin_space
pat.name
dapi.get
dp.Notifications
figd
shpat
ntn_
DE-TOKEN-EPT
0123456789abcdef
deadbeefdeadbeefdeadbeefdeadbeef
deadbeef:cafebabe
00-11-22
00:11:22:33:44
a1b2.c3d4
00:00:00:00:00:00
ff:ff:ff:ff:ff:ff
2024.01.31
Accept: text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8
Cache-Control: max-age=31536000
Set-Cookie: theme=dark; Path=/
X-Request-Id: 7f3c
Content-Length: 5321
at Object.<anonymous> (/app/src/index.js:12:34)
    at async Promise.all (index 0)
java.lang.NullPointerException: Cannot invoke "String.length()"
	at com.example.App.main(App.java:42)
Caused by: java.sql.SQLException: Access denied for user 'app'
  File "/usr/lib/python3.12/site-packages/requests/api.py", line 59, in request
goroutine 17 [running]:
panic: runtime error: index out of range [5] with length 3
npm warn deprecated inflight@1.0.6: This module is not supported
added 312 packages in 4s
GET /health 200 1.234 ms - 15
{"level":"info","time":1769860800000,"pid":42,"msg":"listening"}
{"statusCode":200,"bytes":18234,"duration":0.0123}
SELECT * FROM users WHERE password_hash IS NOT NULL
INSERT INTO tokens (id, name) VALUES (1, 'x')
drwxr-xr-x 2 root root 4096 Jan 31 12:00 secrets
-rw------- 1 root root 1675 id_rsa
chmod 600 ~/.ssh/id_ed25519
ssh-ed25519 is a key type
sha256sum: no such file
Basic usage: run it
Bearer
basic auth is off
user: app
User ID=app;Encrypt=True
Server=db;Database=x;Integrated Security=SSPI;
AccountKey=
SharedAccessKeyName=Root
sig=
/assets/design-system.css?sig=1
T00/B00
hooks.slack.com is reachable
https://hooks.slack.com/services/
https://api.telegram.org/bot
1234567890:short
us-east-1
abcdef-us1
the.atlasv1.format
password = getPassword()
const token = await getToken(user);
if (password !== confirmation) return;
this.apiKey = options.apiKey;
self.password = password
secret: process.env.CLIENT_SECRET,
api_key = config["api_key"]
token = request.headers.get("x-token")
private readonly token: string;
password varchar(255) NOT NULL
PASSWORD = os.getenv('DB_PASSWORD')
String password = credentials.getPassword();
password := flag.String("password", "", "the password")
func login(user string, password string) error {
function check(password) { return password.length > 8; }
password: ****
password: <redacted>
password=xxxxxxxx
"password": "••••••••"
"password": "{{password}}"
api_key=YOUR_API_KEY
token: <your-token-here>
API_KEY=your-api-key-here
api_key: "REPLACE_ME"
export TOKEN=...
Authorization: Bearer YOUR_TOKEN
Authorization: Bearer {token}
Authorization: token <redacted>
AUTHORIZATION: basic ***
GITHUB_TOKEN: ***
Secret source: Actions
  token: ***
  ssh-key: 
  persist-credentials: true
secret "db-credentials" deleted
secret/default-token-x7k2p   kubernetes.io/service-account-token   3   45d
SecretName:  tls-wildcard
imagePullSecrets: [registry-credentials]
passwordPolicy: strict
password_expired=false
forgotPasswordUrl=/account/forgot
maxTokens: 4096
token_endpoint: /oauth2/token
partition_key=customer_id
sort_key: created_at
cache-key: node-modules
keyring: login
keys: 12
postgres://user:***@db/app
postgres://user:[REDACTED]@db/app
https://x-access-token:***@github.com/owner/repo.git
mongodb://<user>:<password>@host/app
postgres://$USER:$PASS@db/app
http://localhost:8080/path:with@sign
https://medium.com/@ana/a-story
https://example.com/a:b@c/d
`
  .split('\n')
  .filter((line) => line !== '');
