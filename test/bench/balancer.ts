/** A balancer before the gateway's replicas: each connection goes to the next one that takes it. */
import { connect, createServer, type Socket } from 'node:net';

export interface Balancer {
  url: string;
  close(): void;
}

/** Listens on loopback; the ports are those of the replicas, some of which may be dead. */
export async function startBalancer(ports: readonly number[]): Promise<Balancer> {
  const open = new Set<Socket>();
  let turn = 0;
  const pass = (client: Socket, left: number): void => {
    const port = ports[turn++ % ports.length] ?? 0;
    const replica = connect(port, '127.0.0.1');
    replica.once('connect', () => {
      client.pipe(replica);
      replica.pipe(client);
    });
    replica.on('error', () => {
      // Whoever does not answer takes nothing: the next one is asked. A connection that broke is not made again.
      if (replica.bytesWritten === 0 && replica.bytesRead === 0 && left > 1 && !client.destroyed)
        pass(client, left - 1);
      else client.destroy();
    });
    client.on('error', () => replica.destroy());
  };
  const server = createServer((client) => {
    open.add(client);
    client.once('close', () => open.delete(client));
    pass(client, ports.length);
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The balancer listens on no port.');
  return {
    url: `http://127.0.0.1:${address.port}`,
    close() {
      server.close();
      for (const socket of open) socket.destroy();
    },
  };
}
