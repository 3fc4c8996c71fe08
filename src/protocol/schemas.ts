/** The schemas behind the protocol's types, for whoever checks input or describes the API: the servers. */

import './limit-relations.ts';

export * as clusterViews from './cluster-views.ts';
export { clientCommands, commands, systemCommands } from './commands.ts';
export { clientFrames } from './frames.ts';
export * as labApi from './lab-api.ts';
export { labRefusals, labWords } from './lab-words.ts';
export * as views from './views.ts';
