/** Limits of the delivery lab: see `limits.ts`, which has them all. */
export const labLimits = {
  /** Messages of a lab's batch that a thread plays before another batch has its turn. */
  labPartMessages: 5_000,
  /** Messages of one batch, all its settings together. */
  labBatchMaxMessages: 20_000_000,
  /** Batches of one server that are not done. */
  labBatchesMax: 16,
  /** Threads that one server plays batches in. */
  labThreadsMax: 8,
  /** Threads that have had nothing to play for this long are ended. */
  labThreadIdleMs: 10_000,
  /** Experiments that one server plays at a time: batches, threads, failovers, */
  labJobsRunningMax: 16,
  /** and those of one person among them. */
  labJobsRunningPerPersonMax: 4,
  /** What came of an experiment is kept for so long after its end, */
  labJobKeptMs: 60 * 60 * 1_000,
  /** and of so many, the newest, */
  labJobsKeptMax: 200,
  /** of one person so many, */
  labJobsKeptPerPersonMax: 20,
  /** with so many rows in all of them together. */
  labRowsKeptMax: 5_000,
  /** Experiment 6 looks this often at what is due to be sent, */
  labFailoverTickMs: 10,
  /** waits for so long for the last Direct messages, */
  labFailoverGraceMs: 1_000,
  /** so long for the last acknowledgements, */
  labFailoverSettleMs: 30_000,
  /** and sends a command that was not done again after so long. */
  labFailoverRetryMs: 200,
  /** A server that another one asks for a job has this long to answer. */
  labPassingMs: 5_000,

  /** Nodes of the live lab, */
  labNodesMax: 250,
  /** of one socket, */
  labNodesPerSocketMax: 4,
  /** and topics of one node. */
  labTopicsPerNodeMax: 10,
  /** Messages of the live lab that something may still become of, each once for each node that it goes to. */
  labPairsMax: 10_000,
  /** Settled ones, counted so too, whose story can still be told. */
  labStoriesMax: 10_000,
  /** Messages that the live lab sends a second, counted so too, */
  labPairsPerSecondMax: 500,
  /** and when the machine is busy: the chat goes first. */
  labPairsPerSecondMin: 50,
  /** Whose timers are later than this is on a busy machine. */
  labLateMs: 20,
  /** The lab slows down at most this often. */
  labSlowDownMs: 250,
  /** How long a page may take to say that it has a message; then the message is settled without it. */
  labSettleGraceMs: 1_000,
  /** Messages of one burst, */
  labBurstMaxMessages: 10_000,
  /** and how many a second at most. */
  labBurstPerSecondMax: 500,
  /** Messages of bursts that wait for their turn, of all nodes, */
  labWaitingMax: 100_000,
  /** and the bursts. */
  labBurstsMax: 1_000,
  /** Messages of one run, of both methods and all senders, */
  labRunMaxMessages: 50_000,
  /** and how many a second. */
  labRunPerSecondMax: 500,
  /** Nodes in a class. */
  labClassNodesMax: 200,
  /** A class whose teacher has had no page open for this long is over. */
  labTeacherAwayMs: 10 * 60_000,
  /** A sample of the live lab's figures is taken this often. */
  labSampleMs: 500,
  /** Samples, the newest, that whoever comes is told. */
  labSamplesKept: 20,
  /** News that are the same for all watchers of the lab leave at most this often. */
  labNewsMs: 100,
  /** Events in one piece of news; of more, only the number is told. */
  labEventsPerNewsMax: 20,
  /** Events, the newest, that whoever comes is told. */
  labEventsKept: 200,
  /** Senders, by method, that are told apart in a segment's figures. */
  labDevicesMax: 1_000,
  /** What one socket may say to the lab a second; more is dropped. Twice as much at once. */
  labWordsPerSecondMax: 50,
  /** The same of what only says what a page has received. */
  labSeenPerSecondMax: 500,
  /** Whose words are dropped is told so at most this often. */
  labFloodToldMs: 1_000,
  /** A server tells the one at which the lab runs who is there this often. */
  labAccountIntervalMs: 2_000,
  /** The lab follows a new primary this much later: until then whoever takes over has more urgent things to do. */
  labFollowMs: 150,
  /** A lab that has failed begins anew after this long. */
  labRestartMs: 1_000,
  /** Casts that one text between the lab's servers may take. */
  labRelayPartsMax: 512,
} as const;
