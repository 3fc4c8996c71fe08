/** The door of the simulator: the engine's own logic in virtual time, on virtual disks, network and lock. */

export { hunt, type MutantResult } from './hunt.ts';
export { keptText, readKept } from './kept.ts';
export { type Mutant, mutants } from './mutants.ts';
export { scenarioOf } from './scenario.ts';
export { shrink } from './shrink.ts';
export { run, type SimulationResult, simulate } from './simulate.ts';
