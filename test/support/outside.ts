/** The world outside of this project, for tests that do what somebody else does with npm. */
import { delimiter } from 'node:path';

/** The environment of somebody else: without this project's commands on the path, and not inside an npm script. */
export const outsideEnv: NodeJS.ProcessEnv = Object.fromEntries(
  Object.entries(process.env)
    .filter(
      ([name]) =>
        !/^npm_(package|lifecycle|execpath|node_execpath|config_local_prefix)|^(VITEST|NODE_ENV|NODE_OPTIONS)/.test(
          name,
        ),
    )
    .map(([name, value]) => [
      name,
      name === 'PATH'
        ? value!
            .split(delimiter)
            .filter((folder) => !folder.includes('node_modules'))
            .join(delimiter)
        : value,
    ]),
);
