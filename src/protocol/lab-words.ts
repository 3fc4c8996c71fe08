/**
 * What may be said to the channel `lab`, and how it is refused. A refusal comes back as news, to the socket that said it.
 */
import { type Static, type TProperties, Type } from 'typebox';

const closed = { additionalProperties: false } as const;

const NodeId = Type.String({ minLength: 1, maxLength: 40, description: 'A node’s id.' });
const Name = Type.String({ minLength: 1, maxLength: 40, description: 'What a node is called: A, B, or anything.' });
const Topic = Type.String({ minLength: 1, maxLength: 40 });
const Text = Type.String({ maxLength: 200 });
const Ref = Type.Optional(
  Type.String({ maxLength: 40, description: 'Comes back with what is answered, so that the page knows to what.' }),
);
export const LabMethod = Type.Union([Type.Literal('direct'), Type.Literal('pubsub')]);
export type LabMethod = Static<typeof LabMethod>;
const PresetName = Type.Union([
  Type.Literal('perfect'),
  Type.Literal('office'),
  Type.Literal('mobile'),
  Type.Literal('satellite'),
  Type.Literal('broken'),
]);

/** The dials. Their bounds are `settingBounds` of src/lab, which also says what is wrong with one that is out of them. */
const dials = {
  loss: Type.Number({ description: 'Probability that a crossing is lost, 0 to 1.' }),
  latencyMinMs: Type.Number(),
  latencyMaxMs: Type.Number(),
  maxRetries: Type.Number({ description: 'How often a message is sent again at most.' }),
  ackTimeoutMs: Type.Number(),
  window: Type.Number({ description: 'Messages of one sender on their way at a time; 0 is any number.' }),
  deduplicate: Type.Boolean(),
} as const;
export const LabDials = Type.Object(dials, closed);
export type LabDials = Static<typeof LabDials>;
export const LabDialsChange = Type.Partial(LabDials, closed);
export type LabDialsChange = Static<typeof LabDialsChange>;

const word = <W extends string, P extends TProperties>(what: W, properties: P) =>
  Type.Object({ what: Type.Literal(what), ref: Ref, ...properties }, closed);

/** What may be said to the channel, told apart by `what`. */
export const labWords = {
  /** This socket is a node from now on, one of at most `limits.labNodesPerSocketMax`. `node` is the id of the same node
   * before its connection broke: who it was, it is again. Answered with `you`. */
  join: word('join', { name: Name, node: Type.Optional(NodeId) }),
  leave: word('leave', { node: NodeId }),
  subscribe: word('subscribe', { node: NodeId, topic: Topic, on: Type.Boolean() }),
  /** Sends a message, or `count` of them at `perSecond` (as fast as the window lets through, when that is missing). */
  send: word('send', {
    node: NodeId,
    method: LabMethod,
    to: Type.Union([Type.Object({ node: NodeId }, closed), Type.Object({ topic: Topic }, closed)]),
    text: Text,
    count: Type.Optional(Type.Integer({ minimum: 1 })),
    perSecond: Type.Optional(Type.Number({ exclusiveMinimum: 0 })),
  }),
  /** Ends the bursts of a node: what has not been sent is not sent. */
  stop: word('stop', { node: NodeId }),
  /** The page has these: pairs of message and attempt, as they were delivered. To be said at once, for each delivery. */
  seen: word('seen', {
    node: NodeId,
    seen: Type.Array(Type.Tuple([Type.Integer({ minimum: 0 }), Type.Integer({ minimum: 0 })]), { maxItems: 500 }),
  }),
  dials: word('dials', { change: LabDialsChange }),
  preset: word('preset', { name: PresetName }),
  /** Answered with `story`. */
  story: word('story', { message: Type.Integer({ minimum: 0 }) }),
  /** Plays experiment 1 or 2 between two nodes, or (`from` and `to` missing) between all nodes of the class in a ring. */
  run: word('run', {
    experiment: Type.Union([Type.Literal(1), Type.Literal(2)]),
    from: Type.Optional(NodeId),
    to: Type.Optional(NodeId),
    messages: Type.Integer({ minimum: 1, description: 'Of each method and sender.' }),
    perSecond: Type.Number({ exclusiveMinimum: 0, description: 'Of each sender, both methods together.' }),
    change: Type.Optional(LabDialsChange),
  }),
  'run-cancel': word('run-cancel', {}),
  'class-open': word('class-open', {}),
  'class-close': word('class-close', {}),
  'class-join': word('class-join', { code: Type.String({ minLength: 1, maxLength: 20 }), node: NodeId }),
  /** Who may turn the dials while the class is open; the teacher decides. */
  'class-dials': word('class-dials', { who: Type.Union([Type.Literal('everybody'), Type.Literal('teacher')]) }),
  /** The teacher asks for predictions of an experiment's result. What was predicted before is forgotten. */
  'class-ask': word('class-ask', { experiment: Type.Union([Type.Literal(1), Type.Literal(2)]) }),
  /** A node's prediction: the share that is delivered, 0 to 1, by each method. Can be changed until it is locked. */
  'class-predict': word('class-predict', {
    node: NodeId,
    direct: Type.Number({ minimum: 0, maximum: 1 }),
    pubsub: Type.Number({ minimum: 0, maximum: 1 }),
  }),
  /** No prediction is taken any more. A run of the class locks, too. */
  'class-lock': word('class-lock', {}),
} as const;
export type LabWordKind = keyof typeof labWords;
export type LabWords = { readonly [K in LabWordKind]: Static<(typeof labWords)[K]> }[LabWordKind];

/** Why something that was said was not done. The sentence is for logs; the page has words of its own for each. */
export const labRefusals = {
  'bad-word': 'What was said does not have the shape of anything the lab takes.',
  'bad-dials': 'A dial is out of its bounds; `problems` says which.',
  'no-such-node': 'There is no such node.',
  'not-your-node': 'This is another socket’s node.',
  'nobody-there': 'Nobody but the sender has subscribed to this topic.',
  'name-taken': 'There is a node of this name already.',
  'name-invalid': 'A node’s name needs a visible character.',
  'too-many-nodes': 'There are as many nodes as there can be.',
  'too-many-topics': 'A node has subscribed to as many topics as it can.',
  'too-many-messages': 'Too many messages are on their way or wait for their turn.',
  'burst-too-large': 'A burst, or a run, has a limit of messages and of messages a second.',
  flood: 'This socket says too much; what it said meanwhile was dropped.',
  'no-such-message': 'This message’s story is not remembered (any more).',
  'dials-of-teacher': 'The dials belong to the teacher of the class.',
  'dials-of-run': 'The dials stay as they are until the run is over.',
  'run-under-way': 'A run is under way.',
  'no-run': 'No run is under way.',
  'class-open': 'Another teacher has a class open.',
  'no-such-class': 'There is no class of this code.',
  'class-full': 'The class is as large as it can be.',
  'class-too-small': 'A run of the class needs two nodes in it.',
  'not-the-teacher': 'Only the teacher of the class may do this.',
  'not-asked': 'Nobody has asked for a prediction, or it is locked already.',
  'guests-may-not': 'A guest cannot open a class.',
  'no-lab': 'No server is primary at the moment, and the lab runs there. Say it again in a moment.',
} as const satisfies Record<string, string>;
export type LabRefusal = keyof typeof labRefusals;

/** What is wrong with one dial: `SettingsProblem` of src/lab. */
export interface LabDialProblem {
  readonly setting: keyof LabDials;
  readonly reason: 'not-a-number' | 'not-whole' | 'too-small' | 'too-large' | 'min-above-max';
  readonly bound?: number;
}

export interface LabError {
  readonly code: LabRefusal;
  readonly message: string;
  /** What was said. */
  readonly about: LabWordKind | null;
  readonly ref?: string;
  readonly problems?: readonly LabDialProblem[];
}
