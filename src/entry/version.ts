/** This action's version, which the digest covers: what asked and what runs must be the same. */
import manifest from '../../package.json' with { type: 'json' };

export const VERSION: string = manifest.version;
