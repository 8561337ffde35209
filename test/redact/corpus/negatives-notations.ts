/** Notations that look like personal data or addresses and are none; one negative each. */
export const NOTATIONS = `
https://example.com:8443/path?x=1
http://localhost:3000/@vite/client
https://example.com/@ana/post
https://cdn.example.com/npm/vue@3.4.21/dist/vue.js
redis://cache:6379/0
postgres://db/app
git@github.com:owner/repo.git
ssh://git@github.com/owner/repo.git
scp dump.sql bo@host.example.com:/srv/dump.sql
bo@host.example.com:~/notes
https://user@example.com/x
https://\${USER}:\${TOKEN}@example.com/x
icon@2x.png
logo@3x.webp loaded
actions/checkout@v4
uses: actions/setup-node@v4.1.0
@Injectable() class Service
@ana please look
root@localhost:~#
node_modules/@scope/pkg/index.js:10:5
foo@bar
a @ b
10@20.30
price @ 12.50
std::vector<int>::push_back
core::fmt::write
Foo::Bar::baz()
::before { content: "" }
a::b::c
App\\Models\\User::find
12:34:56
12:34:56:78
at 00:00:01 and 23:59:59
ratio 16:9:4
dead::beef::cafe is a path
0000:00:1f.2 SATA controller
Fri Jan 30 12:00:00 2026
2026-01-31
2026/01/31 12:00:00
20260131120000
31.01.2026
01.02.2026 12:00
1.2.3
1.2.3.4.5
1.3.6.1.4.1.311.21.20
256.1.1.1
300.300.300.300
v1.2.3.4
version: 10.0.19045.1
build 4.2.1.3
section 4.2.1.3
release 1.0.0.1 is out
Windows NT 10.0.22631.2861
0.0.0.0:8080
127.0.0.1:5432
listening on 127.0.0.1
netmask 255.255.255.0
localhost ::1
assembly Foo, Version=1.2.3.4, Culture=neutral
libssl.so.1.1.1.1
000-12-3456
666-12-3456
900-12-3456
123-00-4567
123-45-0000
123-45-67890
1123-45-6789
12-345-6789
page 123-45
ISBN 978-3-16-148410-0
ISBN 9783161484100
EAN 4006381333931
card ending in 4242
**** **** **** 4242
4242 4242
the card number has 16 digits
1234 5678 9012 3456
0000 0000 0000 0000
1111111111111111
4444 4444 4444 4444
DE00 0000 0000 0000 0000 00
DE12 3456 7890 1234 5678 90
GB29 is not an account
AB12CD34EF56
XX82 1234 5678 9012 3456
SKU AT4829173645
+1
+100
1 + 2222222
+2147483647
+12345.67890
+4294967295
0040 0012 3456 7890
contact 2026-01-31 12:00
mobile 10.1.2.300
a+1234567
UTC+0200
+0000
2026-01-31T12:00:00+02:00
800-555
555-1234
1-2-3
100-200-300
010-111-2222
call sign 555
port 8080-8090
12.34.56.78.90
10 000 000 rows
01 02 03
error code 0x80070005
exit code 137
phone: none
phone: unknown
tel: n/a
call 3 functions
called 1234567 times
docker.io/library/nginx:1.25@sha256:abc
pkg@1.2.3
@babel/core@7.24.0
react-dom@18.3.1(react@18.3.1)
npm error notsup Required: {"node":">=20"} for vite@8.3.8
pip install "requests[security]@1.2"
git@gitlab.example.com:group/sub/repo.git
arn:aws:iam::123456789012:role/deploy
arn:aws:s3:::bucket/key
account 123456789012
std::vector<std::string> v;
std::ios::in | std::ios::out
use crate::add::x;
Illuminate\\Support\\Facades\\DB::table
Class::method()
::after, ::marker, ::selection
[12:34:56]
12:34:56.789
23:59:59,999 INFO
1:23:45 remaining
aspect 16:9, score 3:2:1
00:25:90:ff:ff
#ff00aa
background: #DEADBEEF
color: #1a2b3c; border: #fff
rgba(12, 34, 56, 0.5)
@@ -1204,7 +1212,9 @@
3 files changed, 120 insertions(+), 48 deletions(-)
version 2.1.0+20130313144700
1.0.0-beta+exp.sha.5114f85
+48.8577+002.2950/
lat +48.137154
+37.7749-122.4194/
zip 12345-6789
session=123456789
classn: 123456789
ssn: 000123456
run 16123456789 of job 45678901234
id=2125550123
build #2025550123
2125550123
pid 4155550
IMEI 356938035643809
ICCID 8944500102198304826
tracking 1Z999AA10123456784
invoice 2026-000123-0042
ISBN-13: 978-0-306-40615-7
ISBN 0-306-40615-2
ISSN 2049-3630
EAN 5901234123457
amounts 1,234,567.89 and 4.111.111,11
the card 4111 was declined
4111 1111 1111 1112 fails the check
a card has 16 digits such as 1234-5678-1234-5678
5500 0000 0000 0005 is wrong
DE89 3704 0044 0532 0130 01
GB82 WEST 1234 5698 7654 33
FR76 is the prefix of French accounts
NL91ABNA0417164301
DE89370400440532013
invoice DE123456789
VAT ATU12345678
127.0.0.53#53
bound to 127.0.0.1:8080 and [::1]:8080
listening on [::]:443
http://127.0.0.1:3000/
0.0.0.0/0
255.255.255.255
subnet mask 255.255.252.0
curl/8.6.0 nginx/1.25.3
Chrome/126.0.0.0 Safari/537.36
Edg/126.0.2592.87
app-1.2.3.4.jar
libfoo-4.3.2.1.so
Version=4.0.0.0, Culture=neutral
FileVersion: 10.0.0.1
v10.2.3.4-rc1
package==1.2.3.4
com.example.core:databind:2.9.10.8
owner/image:2.1.0.4
AssemblyFileVersion("6.0.0.1")
libexample-4.3.2.1-rc2
ver. 2.4.6.8
01.02.03.04
1.2.3.4.5.6
Sat, 31 Jan 2026 12:00:00 GMT
31/Jan/2026:12:00:00 +0000
2026-031T12:00Z
2026-W05-6
backup-26-01-31-12-00-00.tgz
20260131T120000Z
1769860800
1769860800.123456
1769860800123456
[    0.123456] Linux version 6.8.0
0d 3h 12m 5.2s
`
  .split('\n')
  .filter((line) => line !== '');
