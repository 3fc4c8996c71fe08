/**
 * Every limit of Estafet, in one place, with the relations between them asserted in `limit-relations.ts`. Those of the
 * cluster map and of the lab are long lists in files of their own.
 * A queue, a size or a wait that is not bounded by a name in this file is a bug.
 */
import { clusterLimits } from './cluster-limits.ts';
import { labLimits } from './lab-limits.ts';

export const limits = {
  ...clusterLimits,
  ...labLimits,
  /** Characters of a message's text. */
  messageTextMaxChars: 8_000,
  /** Characters of a person's name. */
  userNameMaxChars: 40,
  /** Characters of a room's name, without the leading `#`. */
  roomNameMaxChars: 60,
  /** Characters of a room's topic. */
  roomTopicMaxChars: 250,
  /** People in a direct room. */
  directMembersMax: 9,
  /** Characters that a person says of themselves. */
  userAboutMaxChars: 200,
  /** Characters of a password, */
  passwordMinChars: 8,
  /** and at most. */
  passwordMaxChars: 200,
  /** KiB of memory that hashing a password takes, */
  passwordMemoryKiB: 19_456,
  /** and how often it goes over them: what OWASP's cheat sheet on storing passwords asks for, with one lane. */
  passwordPasses: 2,
  /** Passwords that one server hashes at a time, */
  passwordsAtOnceMax: 2,
  /** and that wait for it; one more is refused with `overloaded`. */
  passwordsWaitingMax: 64,
  /** Tries to show a password that one server takes at once from one address, */
  triesPerAddressMax: 60,
  /** and how soon it takes one more. */
  triesPerAddressIntervalMs: 1_000,
  /** The same for one person, from everywhere, */
  triesPerPersonMax: 100,
  triesPerPersonIntervalMs: 1_000,
  /** and for one person from one address. */
  triesPerPairMax: 10,
  triesPerPairIntervalMs: 10_000,
  /** Addresses and people whose tries one server counts; of more, the least recent are forgotten. */
  attemptBucketsMax: 10_000,
  /** UTF-16 units of an emoji: a family of four with skin tones has 27. */
  emojiMaxChars: 32,
  /** Different emoji on one message. */
  reactionsPerMessageMax: 20,
  /** People named in a reaction. */
  reactionPeopleMax: 100,
  /** Pinned messages of a room. */
  pinsPerRoomMax: 100,
  /** People mentioned in one message. */
  mentionsPerMessageMax: 50,
  /** Places in one message at which a name is looked for. */
  mentionsLookedForMax: 500,
  /** Characters of a quoted message that are shown. */
  quoteMaxChars: 200,
  /** Earlier wordings of a message that are kept, the newest of them. */
  wordingsKeptMax: 50,
  /** Who has read how far is told to the whole room up to this many members. */
  receiptsMaxMembers: 50,
  /** Characters of a search. */
  searchQueryMaxChars: 200,
  /** Hits on a page of a search. */
  searchHitsMax: 50,
  /** Hits on a page when the request names no limit. */
  searchHitsDefault: 20,
  /** Searches of one server that are not answered yet. One more is refused with `overloaded`. */
  searchesWaitingMax: 64,
  /** A search waits this long for what was said before it to be indexed. */
  searchWaitMaxMs: 1_000,
  /** How long a search may look before it is another one's turn, or the index's. */
  searchTurnMs: 30,
  /** A search that has looked for this long in all gives what it has, and where to go on. */
  searchMaxMs: 1_000,
  /** A search without an answer after this long is given up. */
  searchDeadlineMs: 10_000,
  /** Messages that are indexed before it is a search's turn. */
  searchSliceMessages: 200,
  /** What has been said is indexed at most this often. */
  searchIntervalMs: 100,
  /** The search begins this long after its server, unless somebody looks for something. */
  searchStartMs: 300,
  /** A search that failed to go on tries again after this long, */
  searchRetryMs: 500,
  /** and after twice as long each time that it fails again, up to this. */
  searchRetryMaxMs: 60_000,
  /** Words that the last one of a search may be the beginning of. With more, texts are looked at. */
  searchBeginningsMax: 64,
  /** Rooms that are named to the index; of somebody who is in more, rooms are looked at message by message. */
  searchRoomsMax: 256,
  /** People that one `from:` may mean. */
  searchNamesMax: 20,
  /** Places in one text that are highlighted. */
  searchRangesMax: 100,
  /** Rooms that one server writes out at a time. */
  exportsAtOnceMax: 4,

  /** Files of one message. */
  messageFilesMax: 10,
  /** Bytes of one file, unless the workspace says less. */
  fileMaxBytes: 1024 * 1024 * 1024,
  /** Bytes of somebody's picture: everybody's client gets it unasked. */
  pictureMaxBytes: 4 * 1024 * 1024,
  /** Bytes of all files of a workspace, each counted once, unless it says otherwise. */
  filesTotalMaxBytes: 20 * 1024 * 1024 * 1024,
  /** Characters of a file's name. */
  fileNameMaxChars: 200,
  /** Bytes of an upload that travel and are stored as one; each is acknowledged on its own. */
  uploadChunkBytes: 256 * 1024,
  /** Uploads of one person that are not finished, or not yet in a message. */
  uploadsPerUserMax: 50,
  /** Pieces of an upload: so many times those that it needs when all are as large as they may be, */
  uploadPiecesFactor: 4,
  /** and so many more, for small files and for connections that break. */
  uploadPiecesSpare: 1_000,
  /** Uploads that one server receives at a time; one more waits for its client to try again. */
  uploadsAtOnceMax: 64,
  /** Chunks of one server that wait to be committed; what comes after them is not read from its socket yet. */
  uploadChunksInFlightMax: 8,
  /** The same of one upload: what is behind them in the log waits for them, and is other people's messages. */
  uploadWindowChunks: 2,
  /** Bytes that an upload must leave on a server's disk, so that it cannot stop the chat. */
  uploadReserveBytes: 64 * 1024 * 1024,
  /** What is still to come of a refused upload is read for so long, so that its client gets to read the refusal. */
  uploadDrainMaxMs: 5_000,
  /** An upload that is not finished, or that no message uses, is given up after this long. */
  uploadExpiryMs: 24 * 60 * 60 * 1_000,
  /** How often a server looks whether it may go through the pieces of files on its disk, after its start. */
  filesLookIntervalMs: 1_000,
  /** How often the primary looks for uploads to give up. */
  uploadExpiryIntervalMs: 10 * 60 * 1_000,

  /** Rooms in a workspace, */
  roomsMax: 2_000,
  /** and conversations of a few people beside them. */
  directRoomsMax: 30_000,
  /** People in a workspace. */
  usersMax: 10_000,
  /** Open sessions of one person; opening one more closes the oldest. */
  sessionsPerUserMax: 50,

  /** Bytes of one command's JSON as it is stored in the log. */
  commandMaxBytes: 64 * 1024,
  /** Bytes of one entry of the log: a command, or a short one with a chunk of an upload. */
  entryMaxBytes: 320 * 1024,
  /** Bytes of one WebSocket frame that a client may send. */
  socketFrameMaxBytes: 128 * 1024,
  /** Bytes of one HTTP request body. */
  httpBodyMaxBytes: 128 * 1024,
  /** Bytes of a cast's body. */
  castMaxBytes: 4 * 1024,
  /** Messages on one page of history. */
  pageMaxMessages: 200,
  /** Messages on a page when the request names no limit. */
  pageDefaultMessages: 50,

  /** Sockets of one server. */
  socketsPerServerMax: 20_000,
  /** Commands of one socket that wait for their answer. One more is refused with `too-many-in-flight`. */
  socketInFlightMax: 1_024,
  /** Casts a second of one socket; more are dropped. */
  socketCastsPerSecondMax: 20,
  /** Bytes waiting in a socket's buffer above which it is fed from the database instead of live. */
  socketBufferHighBytes: 1024 * 1024,
  /** Bytes waiting in a socket's buffer above which it is closed with `too-slow`. */
  socketBufferMaxBytes: 8 * 1024 * 1024,
  /** A socket that says no hello for this long is closed. */
  helloDeadlineMs: 5_000,
  /** The server pings a socket this often. */
  socketPingIntervalMs: 10_000,
  /** A socket silent for this long, pings unanswered, is closed. */
  socketSilenceMaxMs: 25_000,
  /** A client that hears nothing for this long gives its server up and tries another. */
  clientSilenceMaxMs: 15_000,
  /** How often a client that is online looks whether it has heard anything. */
  clientTickMs: 1_000,
  /** A client that hears nothing for this long sends a `ping`. */
  clientPingAfterMs: 5_000,
  /** The same while a command waits for its answer. */
  clientPingAfterWaitingMs: 2_000,
  /** A `ping` not answered (by any frame) for this long means that the server is gone. */
  clientPingDeadlineMs: 2_000,
  /** A client's socket not open after this long is given up, and another address tried. */
  clientConnectDeadlineMs: 2_000,
  /** A `hello` without its `welcome` after this long means another address. */
  clientWelcomeDeadlineMs: 4_000,
  /** A client's waits between attempts: full jitter over this, doubled at each failure, */
  clientBackoffBaseMs: 100,
  /**
   * and never above this. On a LAN a server is back within a second or two of being started again, an attempt costs one
   * refused connection, and a person who waits looks at the page: a mean of one attempt a second finds it when it is there.
   */
  clientBackoffCapMs: 2_000,
  /** A session that one server does not know is tried once more after this: that server may only be behind. */
  clientRefusalRetryMs: 250,
  /** Addresses that a client remembers. */
  clientAddressesMax: 32,
  /** Commands that a client keeps until they are answered. One more is refused with `overloaded`. */
  clientOutboxMax: 1_000,
  /** Commands that a client has on the wire at once. */
  clientInFlightMax: 512,
  /** A browser's database that is not open after this long is done without. */
  clientStorageDeadlineMs: 3_000,
  /** Pages of one origin have this long to say that they are alive. */
  clientTabAnswerMs: 250,
  /** Rooms that a device keeps for reading without a server, those looked at last, */
  clientCacheRooms: 40,
  /** the newest messages of each, */
  clientCacheRoomMessages: 100,
  /** as far as they have no more characters of JSON than this. */
  clientCacheRoomMaxChars: 128 * 1024,
  /** One attempt of a client's HTTP request at one server. */
  clientRequestDeadlineMs: 5_000,
  /** A request whose session this server does not know yet waits this long for it to arrive through the log. */
  sessionWaitMaxMs: 500,
  /** Requests that wait so at the same time; one more is answered at once. */
  sessionWaitsMax: 1_000,
  /** A socket that has seen more than this server has applied waits this long for it to catch up. */
  catchUpMaxMs: 3_000,
  /** Log positions scanned for a resuming socket before the next one has its turn. */
  resumeSlicePositions: 256,
  /** Entries applied, and told to sockets, before the event loop has its turn. */
  applySliceEntries: 1_024,
  /** Bytes of entries applied before the event loop has its turn. */
  applySliceMaxBytes: 1024 * 1024,
  /** Changes of the topology within this time become one `servers` frame; a change of roles goes out at once. */
  serversDebounceMs: 50,
  /** `servers` frames that only move figures go out at most this often, and less often with more than 500 sockets. */
  serversFiguresIntervalMs: 250,
  /** Changes of who is online within this time become one presence frame. */
  presenceDebounceMs: 100,
  /** A server tells the others who is online at it this often, and at each change. */
  presenceIntervalMs: 3_000,
  /** What a server said of who is online at it is believed for this long. */
  presenceMaxAgeMs: 10_000,
  /** Bytes a second that presence may take of all sockets together; with many people it is told less often. */
  presenceMaxBytesPerSecond: 20_000_000,
  /** People named in a presence frame. */
  presenceMaxUsers: 1_000,
  /** A server tells its log how far it has applied, soon after it has moved, and at most this often. */
  reportIntervalMs: 100,
  /** How long sockets that are behind are fed before the event loop has its turn. */
  resumeTurnMs: 5,
  /** A closing handshake that the other end does not finish is over after this long. */
  socketCloseMaxMs: 1_000,
  /** A server outside the in-sync set that has this many entries more to apply sends its clients elsewhere. */
  servingLagEntries: 2_000,
  /** A server that is asked whether it is ready waits this long to have applied what is committed. */
  readyWaitMaxMs: 250,
  /** An HTTP request that has not arrived whole after this long is cut off. */
  httpRequestMaxMs: 30_000,
  /** An HTTP connection without a request for this long is closed. */
  httpIdleMaxMs: 30_000,
  /** How long a stopping server waits for what is in flight and for its connections to end. */
  closeMaxMs: 1_500,
  /** Log positions for which events are kept for resuming clients; further behind is answered `reset`. */
  eventsKeptPositions: 200_000,
  /** Log positions for which a command's first answer is kept. */
  outcomesKeptPositions: 1_000_000,
  /** Outcomes and events are forgotten at each multiple of this position. */
  expiryStepPositions: 1_000,
  /** Newest positions whose events are also in memory. */
  recentEventsPositions: 2_048,
  /** Memberships looked up lately that are kept in memory. */
  membershipCacheMax: 50_000,
  /** Unread messages of a room are counted up to this many. */
  unreadCountMax: 1_000,
  /** Messages looked at to count them: one's own and deleted ones do not count, and there may be any number of those. */
  unreadScanMax: 2_000,

  /** Commands of one server that wait to be committed. One more is refused with `overloaded`. */
  pendingCommandsMax: 20_000,
  /** A command not committed for this long is answered `unknown` (or `unavailable` when it was never sent). */
  appendDeadlineMs: 15_000,
  /** Bytes of entries in one frame between replicas. */
  appendFrameMaxBytes: 1024 * 1024,
  /** Entries in one frame between replicas. */
  appendFrameMaxEntries: 1_024,
  /** Bytes of one frame between replicas. */
  peerFrameMaxBytes: 4 * 1024 * 1024,
  /** Bytes waiting to be written to one replica above which its link is cut. */
  peerBufferMaxBytes: 64 * 1024 * 1024,
  /** Entries sent to one replica and not yet answered. */
  peerWindowEntries: 8_192,
  /** A snapshot of the chat is made when this many entries have come since the last one, */
  snapshotEveryEntries: 100_000,
  /** or this many bytes of them. */
  snapshotEveryBytes: 256 * 1024 * 1024,
  /** So much of that stays in the log although a snapshot has it, for those who were away a short while. */
  logKeepShare: 0.2,
  /** Entries cut from the log's beginning at a time. */
  trimSliceEntries: 2_000,
  /** Bytes of them, about: what clients wait for must not wait long behind that. */
  trimSliceMaxBytes: 16 * 1024 * 1024,
  /** A snapshot that could not be made or used is tried again after this long, */
  snapshotRetryMs: 2_000,
  /** and after twice as long each time that it fails again, up to this. */
  snapshotRetryMaxMs: 300_000,
  /** Bytes that must be left on the disk beside a new snapshot, for the log to go on. */
  snapshotReserveBytes: 64 * 1024 * 1024,
  /** The log is not trimmed beyond a snapshot that somebody copies, for so long after the offer. */
  trimHoldMs: 120_000,
  /** Bytes of a snapshot copied before the event loop has its turn. */
  snapshotChunkBytes: 1024 * 1024,
  /** Entries kept in memory for sending again without reading the disk. */
  entryCacheMax: 16_384,
  /** Bytes of the entries kept in memory. */
  entryCacheMaxBytes: 32 * 1024 * 1024,
  /** Replicas in a cluster. */
  replicasMax: 9,
  /** Numbered requests that are kept, the newest of them; how many there were is counted on. */
  requestsKeptMax: 10_000,
  /** Takeovers whose times are kept, by epochs, the newest of them. */
  takeoversKeptMax: 1_000,

  /** A server that another one asks over HTTP has this long to answer, */
  siblingDeadlineMs: 1_000,
  /** with at most so many bytes, unless whoever asks says otherwise. */
  siblingAnswerMaxBytes: 8 * 1024 * 1024,

  /** The folders of a cluster's servers are looked for at most so often to say which servers there are. */
  siblingFoldersIntervalMs: 250,
  /** In a takeover, whoever watches the topology hears of it when it is over, or after this long. */
  rolesSettleMs: 150,
  /** In a takeover, clients who come anew wait until it is over, or this long: what is written must not wait for them. */
  arrivalYieldMs: 100,
  /** So often it is looked whether it is over. */
  arrivalLookMs: 10,

  /** The replica's clock: how often it is asked to look at its deadlines. */
  tickIntervalMs: 20,
  /** How often a replica without a primary tries the lock. */
  lockRetryMs: 2,
  /** The primary shows a sign of life at least this often. */
  heartbeatIntervalMs: 100,
  /** A member of the in-sync set that is silent for this long is dropped from it. */
  memberSilenceMaxMs: 1_000,
  /** A primary that is silent for this long is killed, and its lock taken. */
  primarySilenceMaxMs: 1_500,
  /** A joining replica may hold acknowledgements up for this long before it is let go. */
  joinMaxMs: 1_000,
  /** Entries a replica may be behind when it begins to join the in-sync set. */
  joinMaxLagEntries: 1_024,
  /** A replica outside the in-sync set leaves the lock to members of the set for this long. */
  outsiderLockDelayMs: 1_000,
  /** A planned hand-over that takes longer than this is called off. */
  stepDownMaxMs: 5_000,
  /** How often a server tells the others about itself. */
  statusIntervalMs: 250,
  /** A server's own account of itself older than this is not shown any more: it is down. */
  statusMaxAgeMs: 2_000,
} as const;
