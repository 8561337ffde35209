/** What an HTTP message carries, as text. */
import type { IncomingMessage } from 'node:http';

/** The whole body, as UTF-8. Throws where it breaks off. */
export function textOf(message: IncomingMessage): Promise<string> {
  return new Promise((done, fail) => {
    let text = '';
    message.setEncoding('utf8');
    message.on('data', (part: string) => {
      text += part;
    });
    message.once('end', () => done(text));
    message.once('error', fail);
    message.once('close', () => fail(new Error('The connection was closed before all of the body had come.')));
  });
}
