/** Credentials that only their surroundings give away: URLs, connection strings, headers, assignments. */
import { assigned } from './assigned.ts';
import { BASE32, BASE62, BASE64, BASE64URL, type Chance, DIGITS, type Format, format, HEX, mark } from './sample.ts';

/** What people and generators choose: words, words with digits, symbols. Without blanks, quotes and separators. */
const plain = (c: Chance) =>
  c.one([
    `${c.one(['hunter', 'Winter', 'x9', 'dbpass-', 'Pa55', 'tr0ub4dor', 'Zürich'])}${c.of(BASE62, 4 + c.below(14))}`,
    `${c.one(['P@ssw0rd', 'S3cr3t!', 'aB3$kk09_', 'q!W2e#R4'])}${c.of(DIGITS, 3)}`,
    c.one(['letmein', 'swordfish', 'sunshine', 'qwertz123', '123456', 'monkey77']),
    c.of(BASE62, 12 + c.below(20)),
    `${c.of(BASE62, 6)}-${c.of(BASE62, 6)}-${c.of(BASE62, 6)}`,
  ]);
/** Also with what only quotes allow. */
const quotedPassword = (c: Chance) =>
  c.one([plain(c), plain(c), `correct horse ${c.of(BASE62, 5)} staple`, `a;b=${c.of(BASE62, 8)}&c`]);
/** What RFC 3986 lets stand in userinfo as it is. */
const inUrl = (c: Chance) => encodeURIComponent(plain(c));

const URLS: Format[] = [
  format(
    'url-credentials',
    'RFC 3986, userinfo; postgresql.org, mysql.com, mongodb.com, redis.io, rabbitmq.com: connection URIs',
    (c) => {
      const [scheme, rest] = c.one([
        ['postgres', 'db.internal:5432/app?sslmode=require'],
        ['postgresql', 'localhost/app'],
        ['postgresql+psycopg2', 'pg/app'],
        ['mysql', 'db-1/shop'],
        ['mysql2', 'db-1:3306/shop?pool=5'],
        ['mariadb', 'db/shop'],
        ['mongodb', 'm1:27017,m2:27017/app?replicaSet=rs0'],
        ['mongodb+srv', 'cluster0.ab1cd.mongodb.net/app'],
        ['redis', 'cache:6379/0'],
        ['rediss', 'cache.example.com:6380'],
        ['amqp', 'mq:5672/vhost'],
        ['amqps', 'mq.example.com/%2f'],
        ['mssql', 'sql:1433/app'],
        ['clickhouse', 'ch:9000/default'],
        ['ldap', 'dc1.example.com:389'],
      ] as const);
      const user = c.one(['app', 'admin', 'svc_app', ...(scheme.startsWith('redis') ? ['', 'default'] : [])]);
      const before = c.one(['DATABASE_URL=', 'connecting to ', 'url: ', '', 'dial error for ']);
      return `${before}${scheme}://${user}:${mark(inUrl(c), 'url-credentials')}@${rest}`;
    },
  ),
  format('url-credentials', 'RFC 3986, userinfo; git-scm.com, ftp, proxies, brokers', (c) => {
    const [scheme, rest] = c.one([
      ['https', 'git.example.com/team/app.git'],
      ['http', 'proxy.example.com:3128'],
      ['ftp', 'files.example.com/pub'],
      ['sftp', 'files.example.com'],
      ['smtp', 'mail.example.com:587'],
      ['socks5', 'proxy:1080'],
      ['nats', 'nats-0:4222'],
    ] as const);
    const before = c.one(['fatal: unable to access ', 'https_proxy=', '"url":"', 'origin\t', 'GET ']);
    return `${before}${scheme}://${c.one(['ana', 'deploy', 'oauth2'])}:${mark(inUrl(c), 'url-credentials')}@${rest}${before.endsWith('"') ? '"' : ''}`;
  }),
  format('connection-string', 'learn.microsoft.com, ADO.NET, ODBC and OLE DB connection strings', (c) => {
    const key = c.one(['Password', 'Pwd', 'password', 'PWD']);
    const secret = mark(plain(c), 'connection-string', 'password');
    const user = c.one(['User ID', 'Uid', 'User Id']);
    return c.one([
      `Server=tcp:db.example.com,1433;Database=shop;${user}=app;${key}=${secret};Encrypt=True;`,
      `Data Source=db;Initial Catalog=shop;${user}=app;${key}=${secret}`,
      `Driver={ODBC Driver 18 for SQL Server};Server=db;${user}=app;${key}=${secret};`,
      `"ConnectionString":"Host=pg;Port=5432;Username=app;${key}=${secret};Database=shop"`,
    ]);
  }),
  format(
    'connection-string',
    'docs of Microsoft, PostgreSQL, MySQL and Go: JDBC URLs, key words, data source names',
    (c) => {
      const secret = mark(plain(c), 'connection-string', 'password', 'url-credentials');
      const inQuery = mark(inUrl(c), 'connection-string', 'password', 'url-credentials');
      return c.one([
        `jdbc:sqlserver://db:1433;databaseName=shop;user=sa;password=${secret};encrypt=true`,
        `jdbc:postgresql://db/shop?user=app&password=${inQuery}&ssl=true`,
        `jdbc:mysql://db:3306/shop?user=app&password=${inQuery}`,
        `host=db port=5432 user=app password=${secret} dbname=shop sslmode=require`,
      ]);
    },
  ),
];

const bearer = (c: Chance) => c.one([c.of(BASE62, 32), c.of(BASE64URL, 60), c.of(HEX, 40), `${c.of(BASE64, 42)}8=`]);
const basic = (c: Chance) => Buffer.from(`ana:${plain(c)}`).toString('base64');

/** The ways programs print a header. */
const header = (c: Chance, scheme: string, value: string) =>
  c.one([
    `Authorization: ${scheme} ${value}`,
    `authorization: ${scheme.toLowerCase()} ${value}`,
    `{"method":"GET","headers":{"Authorization":"${scheme} ${value}","Accept":"*/*"}}`,
    `curl -H 'Authorization: ${scheme} ${value}' https://api.example.com/v1`,
    `curl -sS --header "Authorization: ${scheme} ${value}" https://api.example.com/v1`,
    `  authorization: '${scheme} ${value}',`,
    `> Proxy-Authorization: ${scheme} ${value}\r`,
    `{'Authorization': '${scheme} ${value}'}`,
    `http.Header{"Authorization":[]string{"${scheme} ${value}"}}`,
    `Authorization=${scheme} ${value}`,
    `-> "Authorization: ${scheme} ${value}\\r\\n"`,
    `[authorization] => ${scheme} ${value}`,
  ]);

const HEADERS: Format[] = [
  format('authorization', 'RFC 6750 and the token schemes of GitHub, Django and others', (c) =>
    header(c, c.one(['Bearer', 'Bearer', 'token', 'Token', 'ApiKey']), mark(bearer(c), 'authorization', 'secret')),
  ),
  format('authorization', 'RFC 7617', (c) => header(c, 'Basic', mark(basic(c), 'authorization', 'secret'))),
];

const PASSWORD_NAMES = [
  'password',
  'PASSWORD',
  'DB_PASSWORD',
  'dbPassword',
  'db-password',
  'PGPASSWORD',
  'passwd',
  'pwd',
  'MYSQL_ROOT_PASSWORD',
  'spring.datasource.password',
  'passphrase',
  'SSH_PASSPHRASE',
  'adminPassword',
  'user_password',
  'newPassword',
  'SMTP_PASS',
];

const PASSWORDS: Format[] = [
  format('password', 'assignments as environments, YAML, JSON, INI, properties and code write them', (c) =>
    assigned(c, c.one(PASSWORD_NAMES), (quoted) => (quoted ? quotedPassword(c) : plain(c)), ['password', 'secret']),
  ),
  format('password', 'kubernetes.io, Secret: data in base64', (c) => {
    const secret = mark(Buffer.from(plain(c)).toString('base64'), 'password', 'secret');
    return `apiVersion: v1\ndata:\n  password: ${secret}\n  username: YXBw\nkind: Secret\ntype: Opaque`;
  }),
  format('password', 'options of mysql, curl, sshpass, docker, psql; SQL of PostgreSQL and MySQL; forms; XML', (c) => {
    const secret = mark(plain(c).replace(/[$!#]/g, '_'), 'password', 'secret', 'authorization');
    const inQuery = mark(inUrl(c), 'password', 'secret');
    return c.one([
      `$ mysql --password=${secret} -u root`,
      `$ docker login -u ana --password ${secret} registry.example.com`,
      `$ curl -u ana:${secret} https://example.com/x`,
      `$ curl --user 'ana:${secret}' https://example.com/x`,
      `$ sshpass -p ${secret} ssh db-1`,
      `ALTER USER app WITH PASSWORD '${secret}';`,
      `CREATE USER 'app'@'%' IDENTIFIED BY '${secret}';`,
      `GET /login?user=bo&password=${inQuery}&next=%2F HTTP/1.1`,
      `username=bo&password=${inQuery}&remember=1`,
      `<user>app</user><password>${secret}</password>`,
      `<user name="app" password="${secret}" />`,
      `machine git.example.com login ana password ${secret}`,
    ]);
  }),
];

const SECRET_NAMES = [
  'api_key',
  'API_KEY',
  'apiKey',
  'client_secret',
  'CLIENT_SECRET',
  'clientSecret',
  'access_token',
  'auth_token',
  'SECRET_KEY',
  'SECRET_KEY_BASE',
  'refresh_token',
  'ENCRYPTION_KEY',
  'signing-key',
  'webhook_secret',
  'APP_SECRET',
  'private_token',
  'session_secret',
  'JWT_SECRET',
  'NPM_CONFIG_AUTH_TOKEN',
];
/** Services whose keys have no published form: only the name says it. */
const SERVICE_NAMES: [string, (c: Chance) => string][] = [
  ['DD_API_KEY', (c) => c.of(HEX, 32)],
  ['DATADOG_APP_KEY', (c) => c.of(HEX, 40)],
  ['TWILIO_AUTH_TOKEN', (c) => c.of(HEX, 32)],
  ['FASTLY_API_TOKEN', (c) => c.of(BASE64URL, 31) + c.of(BASE62, 1)],
  ['CLOUDFLARE_API_TOKEN', (c) => c.of(BASE64URL, 39) + c.of(BASE62, 1)],
  ['CF_API_KEY', (c) => c.of(HEX, 37)],
  ['VERCEL_TOKEN', (c) => c.of(BASE62, 24)],
  ['LINODE_TOKEN', (c) => c.of(HEX, 64)],
  ['CIRCLE_TOKEN', (c) => c.of(HEX, 40)],
  ['ALGOLIA_ADMIN_API_KEY', (c) => c.of(HEX, 32)],
];
const opaque = (c: Chance) =>
  c.one([
    c.of(HEX, 32),
    c.of(BASE62, 24),
    c.of(BASE64URL, 42) + c.of(BASE62, 1),
    c.of(HEX, 64),
    c.of(BASE32, 32),
    `${c.of(BASE64, 42)}8=`,
  ]);

const SECRETS: Format[] = [
  format('secret', 'the same for keys and tokens without a published form', (c) =>
    assigned(c, c.one(SECRET_NAMES), () => opaque(c), ['secret']),
  ),
  format(
    'secret',
    'Datadog, Twilio, Fastly, Cloudflare before 2026, Vercel before 2026, Linode, CircleCI, Algolia: documentation of the API',
    (c) => {
      const [name, make] = c.one(SERVICE_NAMES);
      return assigned(c, name, () => make(c), ['secret']);
    },
  ),
  format('secret', 'options, queries and headers of HTTP APIs', (c) => {
    const secret = mark(opaque(c), 'secret', 'authorization');
    return c.one([
      `x-api-key: ${secret}`,
      `curl -H 'X-Api-Key: ${secret}' https://api.example.com`,
      `$ deploy --token ${secret} --region eu`,
      `$ deploy --api-key=${secret}`,
      `GET /v1/me?access_token=${mark(c.of(BASE62, 40), 'secret')}&x=1 HTTP/1.1`,
      `{"access_token":"${secret}","expires_in":3600,"token_type":"Bearer"}`,
      `X-Auth-Token: ${secret}`,
      `PRIVATE-TOKEN: ${secret}`,
    ]);
  }),
];

export const CREDENTIALS: Format[] = [...URLS, ...HEADERS, ...PASSWORDS, ...SECRETS];
