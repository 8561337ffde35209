/** Runs the gateway with what this process has: its environment, its output, and the signals that stop it. */
import type { GatewayOptions } from './gateway.ts';
import { readGatewayConfig } from './gateway-config.ts';
import { runGateway } from './gateway-start.ts';
import { tellingFaults } from './tell.ts';

/** Ends the process: exit code 0 once it was stopped, 2 where it could not start. */
export async function gatewayCommand(options: GatewayOptions): Promise<never> {
  const stopping = new AbortController();
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.on(signal, () => {
      // Whoever asks twice does not want to wait.
      if (stopping.signal.aborted) process.exit(1);
      stopping.abort();
    });
  }
  await tellingFaults(undefined, async () => {
    const config = await readGatewayConfig(process.env, options.config);
    await runGateway(config, stopping.signal, (line) => process.stdout.write(line));
  });
  await new Promise<void>((done) => process.stdout.write('', () => done()));
  process.exit();
}
