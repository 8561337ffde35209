/** A proxy that leads nowhere: it refuses whatever it is asked for, and remembers it. */
import { createServer } from 'node:http';

export interface Outside {
  /** What a program gets that must not reach anything but this machine. */
  env: Record<string, string>;
  /** Every address that somebody asked for, such as `CONNECT github.com:443`. */
  asked: string[];
  close(): Promise<void>;
}

/** Opens it on loopback. */
export async function openOutside(): Promise<Outside> {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    asked.push(`${request.method} ${request.url}`);
    response.writeHead(403).end();
  });
  server.on('connect', (request, socket) => {
    asked.push(`CONNECT ${request.url}`);
    socket.end('HTTP/1.1 403 Forbidden\r\n\r\n');
  });
  await new Promise<void>((done, fail) => server.once('error', fail).listen(0, '127.0.0.1', done));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The proxy listens on no port.');
  const url = `http://127.0.0.1:${address.port}`;
  const proxies = ['HTTP_PROXY', 'HTTPS_PROXY', 'ALL_PROXY'].flatMap((name) => [name, name.toLowerCase()]);
  return {
    // Node's own clients go by these variables only when they are told to.
    env: {
      ...Object.fromEntries(proxies.map((name) => [name, url])),
      NO_PROXY: '127.0.0.1',
      no_proxy: '127.0.0.1',
      NODE_USE_ENV_PROXY: '1',
    },
    asked,
    async close() {
      server.closeAllConnections();
      await new Promise<void>((done) => server.close(() => done()));
    },
  };
}
