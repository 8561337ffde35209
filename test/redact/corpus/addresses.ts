/** Addresses of machines, which name people as well: IPv4, IPv6 and MAC in their published notations. */
import { type Chance, type Format, format, HEX, mark } from './sample.ts';

export const ipv4 = (c: Chance) =>
  c.one([
    `203.0.113.${c.below(255)}`,
    `198.51.100.${c.below(255)}`,
    `10.${c.below(255)}.${c.below(255)}.${1 + c.below(254)}`,
    `192.168.${c.below(200)}.${1 + c.below(254)}`,
    `172.${16 + c.below(16)}.254.${1 + c.below(254)}`,
    `8.8.4.${1 + c.below(250)}`,
    `${1 + c.below(120)}.${c.below(255)}.${c.below(255)}.${1 + c.below(250)}`,
  ]);

const group = (c: Chance) => `${c.of('123456789abcdef', 1)}${c.of(HEX, c.below(4))}`;

/** RFC 4291 §2.2, all three forms, and RFC 5952's canonical one; from 2001:db8::/32, fe80::/10, fd00::/8, 64:ff9b::/96. */
export const ipv6 = (c: Chance) =>
  c.one([
    () => `2001:db8::${group(c)}`,
    () => `2001:db8:${group(c)}:${group(c)}::${group(c)}`,
    () => `2001:db8:${Array.from({ length: 6 }, () => group(c)).join(':')}`,
    () => `2001:0DB8:0000:0000:0000:FF00:${c.of(HEX, 4)}:${c.of(HEX, 4)}`.toUpperCase(),
    () => `fe80::${c.of('1234', 1)}ff:fe23:4567:${c.of('89ab', 4)}`,
    () => `fd12:3456:789a:${group(c)}::1`,
    () => `2001:db8:${group(c)}:2::`,
    () => `::ffff:${ipv4(c)}`,
    () => `64:ff9b::192.0.2.${1 + c.below(254)}`,
    () => `2a00:${c.of('12345678', 1)}450:4001:81${c.of(HEX, 1)}::200e`,
  ])();

/** Six octets; the first one even, as of a single station. */
const octets = (c: Chance) => [c.of(HEX, 1) + c.of('02468ace', 1), ...Array.from({ length: 5 }, () => c.of(HEX, 2))];

/** IEEE 802 with colons and hyphens, and Cisco's quads; in both cases. */
const mac = (c: Chance) => {
  const six = octets(c);
  const quads = six.join('').replace(/(.{4})(?=.)/g, '$1.');
  return c.one([six.join(':'), six.join(':').toUpperCase(), six.join('-').toUpperCase(), six.join('-'), quads]);
};

export const ADDRESSES: Format[] = [
  format('ipv4', 'RFC 791', ipv4),
  format('ipv4', 'RFC 3986, 4632; access logs, sshd, netstat: with port, prefix, brackets', (c) => {
    const address = mark(ipv4(c), 'ipv4');
    return c.one([
      `${address} - - [31/Jan/2026:12:00:00 +0000] "GET / HTTP/1.1" 200 12 "-" "curl/8.6.0"`,
      `connect to ${address}:5432 failed: timeout`,
      `http://${address}/x`,
      `https://${address}:8443/x?y=1`,
      `sshd[${c.below(999)}]: Accepted publickey for root from ${address} port 22 ssh2`,
      `tcp  0  0 ${address}:443  ${mark(ipv4(c), 'ipv4')}:51${c.below(900) + 100}  ESTABLISHED`,
      `ip route add ${address}/24 via ${mark(ipv4(c), 'ipv4')} dev eth0`,
      `X-Forwarded-For: ${address}, ${mark(ipv4(c), 'ipv4')}`,
      `dial tcp ${address}:6379: connect: connection refused`,
      `inet ${address}  netmask 255.255.255.0  broadcast 255.255.255.255`,
      `ip-${c.below(9)} peer=${address};up`,
    ]);
  }),
  format('ipv6', 'RFC 4291 and 5952', ipv6),
  format('ipv6', 'RFC 3986, 4007, 4291: in brackets with port, with zone, with prefix', (c) => {
    const address = mark(ipv6(c), 'ipv6');
    return c.one([
      `http://[${address}]:8080/x`,
      `dial tcp [${address}]:443: i/o timeout`,
      `inet6 ${address}/64 scope global dynamic`,
      `${address} - - [31/Jan/2026:12:00:00 +0000] "GET / HTTP/1.1" 200 12 "-" "curl/8.6.0"`,
      `from ${address}, port 22`,
      `ping: ${address}%eth0: unreachable`,
      `"remote":"[${address}]:51234"`,
      `peer=${address};up`,
    ]);
  }),
  format('mac', 'IEEE 802: canonical, hyphens; Cisco: quads', mac),
  format('mac', 'ip-link, dhcpd, arp: in their lines', (c) => {
    const address = mark(mac(c), 'mac');
    return c.one([
      `    link/ether ${address} brd ff:ff:ff:ff:ff:ff`,
      `dhcpd: DHCPACK to ${address} via eth0`,
      `? (gateway) at ${address} [ether] on eth0`,
      `{"mac":"${address}","up":true}`,
      `Physical Address. . . . . . . . . : ${address}`,
    ]);
  }),
];
