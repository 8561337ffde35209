/** What never changes under its name is asked for once: in the sandbox, starting a program is what costs most. */

/** The same question, asked once for the same arguments; what fails or is not there (yet) is asked for again. */
export function onceEach<A extends string[], T>(ask: (...args: A) => Promise<T>): (...args: A) => Promise<T> {
  const known = new Map<string, Promise<T>>();
  return (...args) => {
    const key = JSON.stringify(args);
    const asked = known.get(key) ?? ask(...args);
    known.set(key, asked);
    const forget = (): void => void known.delete(key);
    asked.then((found) => found ?? forget(), forget);
    return asked;
  };
}
