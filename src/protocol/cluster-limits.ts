/** Limits of what is told of the cluster at work: see `limits.ts`, which has them all. */
export const clusterLimits = {
  /** What servers tell each other of the cluster at work, and what they tell those who watch, leaves this often. */
  clusterNewsIntervalMs: 100,
  /** A watcher that was too slow for news is given the whole again this often, until it takes it. */
  clusterNewsRetryMs: 500,
  /** Exact events that one server tells in a second; of more, only the number is told. The rest of the engine's are few. */
  clusterEventsPerSecondMax: 200,
  /** Events in one piece of news. */
  clusterNewsEventsMax: 500,
  /** Requests in one piece of news, the newest of them, */
  clusterNewsRequestsMax: 100,
  /** and takeovers. */
  clusterNewsTakeoversMax: 200,
  /** A primary whose word of its own takeover got no answer says it again after this long. */
  takeoverRetryMs: 500,
  /** A process that answers for a server which died of a request asks the next one after this long, */
  clusterRequestRetryMs: 100,
  /** and a server so often again which primary is to die of it, when another one has come meanwhile. */
  clusterFailingTriesMax: 4,
  /** Labels of requests that are told of one server, of each sort. */
  clusterDetailsLabelsMax: 500,
  /** Characters of the reason that an event gives. */
  clusterReasonMaxChars: 500,
  /** What the engine did with entries is remembered so long, */
  clusterRangesMaxAgeMs: 1_000,
  /** and so many of it, until it is known which of them were numbered requests. */
  clusterRangesMax: 4_096,
  /** Numbered requests applied lately, for what is still to come of them. */
  clusterRequestsRecentMax: 500,
  /** A server at which somebody watches says so this often, */
  clusterWatchingIntervalMs: 1_000,
  /** and is believed for so long. */
  clusterWatchingMaxAgeMs: 3_000,
  /** How far back one can look at the cluster at work, */
  clusterHistoryMs: 10 * 60 * 1_000,
  /** over so many events, the newest, */
  clusterHistoryEventsMax: 20_000,
  /** topologies, */
  clusterHistoryTopologiesMax: 1_200,
  /** and requests. */
  clusterHistoryRequestsMax: 2_000,
  /** While figures move, the history takes a topology this often. */
  clusterHistoryIntervalMs: 1_000,
  /** A server that has just started waits so long for another one's whole history, */
  clusterHistoryDeadlineMs: 5_000,
  /** of so many bytes. */
  clusterHistoryMaxBytes: 16 * 1024 * 1024,
  /** and looks so often for one that may have it, */
  clusterHistoryRetryMs: 500,
  /** so many times. */
  clusterHistoryTriesMax: 20,

  /** While somebody watches, a server asks this often how the processes stand, and what is wrong on purpose. */
  controlIntervalMs: 400,
  /** Whoever runs the servers has this long to begin what it is told to do, or to refuse it. */
  orderDeadlineMs: 5_000,
  /** A server that is to be killed or paused, and has asked for that itself, has this long to pass the answer on. */
  orderGraceMs: 100,
  /** Messages that the audit posts in a second while somebody watches the cluster, */
  auditPanelPerSecond: 2,
  /** and how long it goes on when nobody does. */
  auditPanelIdleMs: 60_000,
  /** An audit that cannot begin tries again after this long. */
  auditPanelRetryMs: 2_000,
  /** Sentences that it keeps, the newest of them. */
  auditPanelNoticesMax: 50,
  /** A link, and a disk, may be slowed down on purpose by so much. */
  faultDelayMaxMs: 2_000,
} as const;
