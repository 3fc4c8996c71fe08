/**
 * How the limits depend on each other, asserted when the module loads, which every server does. Browsers have no use for
 * it, and are spared it.
 */
import { limits } from './limits.ts';

const holds = (claim: boolean, what: string): void => {
  if (!claim) throw new Error(`limits.ts contradicts itself: ${what}`);
};

holds(limits.heartbeatIntervalMs * 3 < limits.memberSilenceMaxMs, 'a member must miss several heartbeats to be silent');
holds(limits.memberSilenceMaxMs < limits.primarySilenceMaxMs, 'the primary drops a silent member before it is killed');
holds(limits.tickIntervalMs * 2 <= limits.heartbeatIntervalMs, 'ticks are finer than heartbeats');
holds(limits.primarySilenceMaxMs * 2 < limits.appendDeadlineMs, 'a takeover fits inside a command’s deadline');
holds(limits.stepDownMaxMs + limits.siblingDeadlineMs < limits.appendDeadlineMs, 'a hand-over fits a request');
holds(limits.commandMaxBytes < limits.appendFrameMaxBytes, 'every command fits a frame between replicas');
holds(limits.appendFrameMaxBytes * 2 <= limits.peerFrameMaxBytes, 'every append fits a peer frame');
holds(limits.messageTextMaxChars * 4 < limits.commandMaxBytes, 'every text fits a command');
holds(
  limits.uploadChunkBytes + limits.commandMaxBytes <= limits.entryMaxBytes,
  'every chunk fits an entry, with the command that it comes with',
);
holds(limits.entryMaxBytes < limits.appendFrameMaxBytes, 'every entry fits a frame between replicas');
holds(limits.uploadWindowChunks <= limits.uploadChunksInFlightMax, 'one upload may use what all may');
holds(limits.fileMaxBytes <= limits.filesTotalMaxBytes, 'the largest file fits the workspace');
holds(limits.directMembersMax <= limits.receiptsMaxMembers, 'people in a conversation see who has read');
holds(
  limits.triesPerPairMax < limits.triesPerAddressMax && limits.triesPerPairMax < limits.triesPerPersonMax,
  'who guesses from one address uses up nobody else’s tries',
);
holds(limits.commandMaxBytes < limits.socketFrameMaxBytes, 'every command fits a socket frame');
holds(limits.socketBufferHighBytes < limits.socketBufferMaxBytes, 'a slow socket is fed slowly before it is cut');
holds(limits.socketPingIntervalMs * 2 < limits.socketSilenceMaxMs, 'a socket must miss two pings to be silent');
holds(limits.socketPingIntervalMs < limits.clientSilenceMaxMs, 'a client hears a ping before it gives up');
holds(limits.outcomesKeptPositions % limits.expiryStepPositions === 0, 'outcomes expire in whole steps');
holds(limits.eventsKeptPositions % limits.expiryStepPositions === 0, 'events expire in whole steps');
holds(limits.eventsKeptPositions <= limits.outcomesKeptPositions, 'a resumed command outlives the events of its time');
holds(limits.recentEventsPositions < limits.eventsKeptPositions, 'memory holds no event that the tables forgot');
holds(limits.unreadCountMax <= limits.unreadScanMax, 'unread messages can be counted as far as they are shown');
holds(limits.peerWindowEntries <= limits.entryCacheMax, 'what is in flight to a replica is still in memory');
holds(
  limits.applySliceMaxBytes * 4 <= limits.socketBufferMaxBytes,
  'a turn of events does not cut a socket that reads',
);
holds(limits.presenceIntervalMs * 3 < limits.presenceMaxAgeMs, 'a server must miss three accounts to be forgotten');
holds(
  limits.clientPingAfterMs + limits.clientPingDeadlineMs < limits.clientSilenceMaxMs,
  'a client’s ping may be answered before it gives up',
);
holds(limits.catchUpMaxMs < limits.clientWelcomeDeadlineMs, 'a client waits for a server that waits to catch up');
holds(limits.clientInFlightMax < limits.socketInFlightMax, 'a client stays below what a socket may have in flight');
holds(
  limits.clusterWatchingIntervalMs * 2 < limits.clusterWatchingMaxAgeMs,
  'a server must miss two words to be taken for unwatched',
);
holds(limits.clusterReasonMaxChars * 4 < limits.castMaxBytes, 'every event fits a cast');
holds(limits.labJobsRunningMax <= limits.labBatchesMax, 'a batch that is begun is played');
holds(limits.labJobsRunningMax < limits.labJobsKeptMax, 'experiments under way leave room for results');
holds(limits.replicasMax + 1 < limits.clientAddressesMax, 'a client remembers every server and the front door');
holds(
  limits.labNewsMs < limits.labSampleMs && limits.labNodesMax <= limits.labPairsPerSecondMax,
  'the lab tells every sample, and a message to all nodes has its turn',
);
