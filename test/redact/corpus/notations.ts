/** Names and values as programs and people write them beyond a plain assignment: colours, pairs, brackets, options, sentences. */
import { BASE62, BASE64, type Chance, DIGITS, type Format, format, HEX, LOWER, mark } from './sample.ts';

const ESC = '\u001b';
/** A password with letters and a digit, so that it reads as one wherever it stands. */
const chosen = (c: Chance) => c.of(BASE62, 9) + c.of(DIGITS, 1) + c.of(LOWER, 1);
const password = (c: Chance) => mark(chosen(c), 'password', 'secret', 'connection-string');
const random = (c: Chance) => c.of(BASE62, 30) + c.of(DIGITS, 2);
const secret = (c: Chance) => mark(random(c), 'secret');

/** Each line with the value in it. */
const among =
  (value: (c: Chance) => string, ...lines: readonly ((value: string) => string)[]): Format['make'] =>
  (c) =>
    c.one(lines)(value(c));

const PAIRS: Format[] = [
  format(
    'password',
    'docs.aws.amazon.com, task definitions and parameters; kubernetes.io, env; HAR; XML of Spring, .NET and Java',
    among(
      password,
      (value) => `{"name":"DB_PASSWORD","value":"${value}"}`,
      (value) => `{\n  "name": "DB_PASSWORD",\n  "value": "${value}"\n}`,
      (value) => `        - name: REDIS_PASSWORD\n          value: ${value}\n        - name: PORT`,
      (value) => `{"Name":"DbPassword","Value":"${value}"}`,
      (value) => `ParameterKey=DBPassword,ParameterValue=${value}`,
      (value) => `<property name="password" value="${value}"/>`,
      (value) => `<add key="SmtpPassword" value="${value}" />`,
      (value) => `<entry key="password">${value}</entry>`,
      (value) => `<name>javax.jdo.option.ConnectionPassword</name>\n<value>${value}</value>`,
    ),
  ),
  format(
    'secret',
    'the same',
    among(
      secret,
      (value) => `{"name":"API_TOKEN","value":"${value}"}`,
      (value) => `- name: SESSION_SECRET\n  value: ${value}\n`,
      (value) => `<add key="ApiSecret" value="${value}"/>`,
    ),
  ),
];

const COLOURS: Format[] = [
  format(
    'password',
    'jq -C, util.inspect and others: colours of ECMA-48 around names and values',
    among(
      password,
      (value) => `password=${ESC}[31m${value}${ESC}[0m`,
      (value) => `{ password: ${ESC}[32m'${value}'${ESC}[39m }`,
      (value) => `${ESC}[34;1m"password"${ESC}[0m${ESC}[1;39m:${ESC}[0m ${ESC}[0;32m"${value}"${ESC}[0m`,
      (value) => `"out":"password: \\u001b[33m${value}\\u001b[0m"`,
    ),
  ),
  format('authorization', 'the same, of a header', (c) => {
    const token = mark(random(c), 'authorization');
    return `Authorization: Bearer ${ESC}[33m${token}${ESC}[0m`;
  }),
  format('github-token', 'a colour that a text of JSON spells out', (c) => {
    const token = mark(`ghp_${c.of(BASE62, 36)}`, 'github-token');
    return `"msg":"${c.one(['\\u001b', '\\x1b', '\\033'])}[33m${token}${c.one(['\\u001b', '\\x1b'])}[0m"`;
  }),
];

const COMMANDS: Format[] = [
  format(
    'password',
    'manuals of mysql, docker, mongosh, sqlcmd, redis-cli, openssl, keytool, curl, unzip, PowerShell and Redis',
    among(
      password,
      (value) => `+ mysql -uroot -p${value} app`,
      (value) => `mysqldump -h db -u root -p'${value}' app`,
      (value) => `docker login -u ana -p ${value} registry.example.com`,
      (value) => `mongosh -u ana -p ${value} --host db`,
      (value) => `sqlcmd -S db -U sa -P ${value} -Q "select 1"`,
      (value) => `redis-cli -h cache -a ${value} ping`,
      (value) => `openssl rsa -in key.pem -passin pass:${value}`,
      (value) => `keytool -list -storepass ${value} -keystore a.p12`,
      (value) => `curl --user 'ana:${value}' https://api.example.com`,
      (value) => `unzip -P ${value} a.zip`,
      (value) => `ConvertTo-SecureString "${value}" -AsPlainText -Force`,
      (value) => `requirepass ${value}`,
      (value) => `user[password]=${value}&user[name]=ana`,
      (value) => `new Account().setPassword("${value}")`,
      (value) => `SET PASSWORD FOR 'app'@'%' = '${value}'`,
    ),
  ),
  format(
    'password',
    'what MySQL, Grafana, Jenkins, Rancher and others print when they make a password; netrc; vault kv get',
    among(
      password,
      (value) => `Generated password for admin: ${value}`,
      (value) => `A temporary password is generated for root@localhost: ${value}`,
      (value) => `The initial admin password is ${value}`,
      (value) => `Password set to: ${value}`,
      (value) => `machine h.example.com\n  login ana\n  password ${value}\n`,
      (value) => `password            ${value}\nttl                 1h\n`,
    ),
  ),
  format(
    'secret',
    'npm config, aws configure, Windows’ setx, Dockerfile, tables of vault and kubectl',
    among(
      secret,
      (value) => `npm config set //registry.example.com/:_authToken ${value}`,
      (value) => `setx API_KEY ${value}`,
      (value) => `ENV API_TOKEN ${value}`,
      (value) => `wrapping_token:                  ${value}`,
      (value) => `token               ${value}\r\n`,
      (value) => `secret_id=${value}`,
      (value) => `GET /v1?token=${value}#top`,
    ),
  ),
  format('aws-secret-key', 'docs.aws.amazon.com, aws configure; hadoop.apache.org, S3A', (c) => {
    const key = mark(`${c.of(BASE64, 38)}A7`, 'aws-secret-key');
    return c.one([
      `AWS Secret Access Key [None]: ${key}`,
      `aws configure set aws_secret_access_key ${key}`,
      `spark.hadoop.fs.s3a.secret.key ${key}`,
    ]);
  }),
];

const OTHERS: Format[] = [
  format('secret', 'docs.docker.com, config.json; docs.npmjs.com, .npmrc', (c) => {
    const value = mark(Buffer.from(`ana:${random(c)}`).toString('base64'), 'secret');
    return c.one([`{"auths":{"ghcr.io":{"auth": "${value}"}}}`, `//registry.example.com/:_auth=${value}`]);
  }),
  format('authorization', 'RFC 7616; Okta, Opsgenie; Amazon S3, signature version 2', (c) => {
    const hash = mark(c.of(HEX, 32), 'authorization');
    return c.one([
      `Authorization: Digest username="ana", realm="r", nonce="n", uri="/x", response="${hash}"`,
      `Authorization: SSWS ${mark(`00${c.of(BASE62, 40)}`, 'authorization')}`,
      `authorization=Bearer%20${mark(random(c), 'authorization')}&page=2`,
      `Authorization: Bearer "${mark(random(c), 'authorization', 'secret')}"`,
      `{"name":"Authorization","value":"Basic ${mark(Buffer.from(`ana:${chosen(c)}`).toString('base64'), 'authorization', 'secret')}"}`,
    ]);
  }),
  format('connection-string', 'docs of Oracle: thin JDBC, SQL*Plus; of ODBC: braces', (c) => {
    const value = mark(chosen(c), 'connection-string');
    return c.one([
      `jdbc:oracle:thin:scott/${value}@//db:1521/x`,
      `sqlplus -s scott/${value}@x`,
      `Driver={MySQL};Server=db;Uid=app;Pwd={${mark(`${chosen(c)};x`, 'connection-string')}};`,
    ]);
  }),
  format('url-credentials', 'PHP’s json_encode; GitHub: a token as the user', (c) =>
    c.one([
      `{"dsn":"mysql:\\/\\/app:${mark(chosen(c), 'url-credentials')}@db\\/shop"}`,
      `https://${mark(c.of(HEX, 40), 'url-credentials')}:x-oauth-basic@github.com/acme/app.git`,
    ]),
  ),
  format('azure-sas', 'JSON, and an address within an address', (c) => {
    const signature = mark(`${c.of(BASE62, 43)}%3D`, 'azure-sas');
    return c.one([
      `"uri":"https://acme.blob.core.windows.net/c?sv=2022-11-02\\u0026sig=${signature}"`,
      `to=https%3A%2F%2Facme.blob.core.windows.net%2Fc%3Fsv%3D2022%26sig%3D${signature}`,
      `sig=${signature}&sv=2022-11-02&sr=b`,
    ]);
  }),
  format('password', 'RFC 8259: what is escaped in a text belongs to it', (c) => {
    const value = mark(`${chosen(c)}\\"${c.of(BASE62, 4)}\\\\x`, 'password');
    return `{"user":"ana","password":"${value}","retries":3}`;
  }),
  format('jwt', 'RFC 7516, appendix A.6: a key agreed upon before, so that the second part is empty', (c) => {
    const header = Buffer.from('{"alg":"dir","enc":"A128CBC-HS256"}').toString('base64url');
    return `got ${mark(`${header}..${c.of(BASE62, 22)}.${c.of(BASE62, 90)}.${c.of(BASE62, 22)}`, 'jwt')} back`;
  }),
];

export const NOTATIONS: readonly Format[] = [...PAIRS, ...COLOURS, ...COMMANDS, ...OTHERS];
