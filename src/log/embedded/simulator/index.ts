/** The door of the simulator: the engine's own logic in virtual time, on virtual disks, network and lock. */

export { hunt, type Mutant, type MutantResult, mutants } from './mutants.ts';
export { type SimulationResult, simulate } from './simulate.ts';
