/** The door of the simulator: the engine's own logic in virtual time, on virtual disks, network and lock. */

export { type SimulationResult, simulate } from './simulate.ts';
