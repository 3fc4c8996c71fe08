/**
 * One client's socket, from the upgrade to the end. It greets (hello, within a deadline), resumes (from the database,
 * until it has everything), is live (fed by the hub), and falls back to resuming when its reader is slow. What it
 * buffers is bounded: above the first bound it is neither read from nor fed; above the second it is closed.
 */
import type { Duplex } from 'node:stream';
import type { RawData, WebSocket } from 'ws';
import {
  type CastFrame,
  type ClientFrame,
  closeCodes,
  type DoFrame,
  EstafetError,
  type HelloFrame,
  type SayFrame,
  type ServerFrame,
  type WatchFrame,
} from '../../protocol/index.ts';
import type { Edge } from '../edge.ts';
import { catchingUp } from '../http-guards.ts';
import { type Admission, admit } from './admission.ts';
import { type Watcher, Watching } from './channels.ts';
import type { Chunk } from './chunk.ts';
import type { Seat } from './hub.ts';
import { Intake } from './intake.ts';
import { Outlet } from './outlet.ts';
import { idIn, parseJson, readFrame } from './parse-frame.ts';
import { resumeFrames } from './resume-frames.ts';
import type { Guest } from './roster.ts';
import { encodeFrame } from './text-frame.ts';

type State = 'greeting' | 'arriving' | 'resuming' | 'live' | 'closed';

/** What is known of a socket from its upgrade request. */
export interface Arrival {
  readonly hostname: string;
  /** The token in the request's cookie. */
  readonly cookieToken: string | null;
}

const pong = encodeFrame({ type: 'pong' });

/** What a client may send before it is welcomed; it has its turn right after. */
type EarlyFrame = DoFrame | CastFrame | WatchFrame | SayFrame;

export class SessionSocket implements Seat, Guest, Watcher {
  readonly hostname: string;
  held: Chunk | null = null;
  userId = '';
  tokenHash = '';
  readonly #edge: Edge;
  readonly #outlet: Outlet;
  readonly #intake: Intake;
  readonly #watching: Watching;
  readonly #cookieToken: string | null;
  #state: State = 'greeting';
  #helloTimer: NodeJS.Timeout | undefined;
  /** Everything up to here has been written, while resuming. */
  #cursor = 0;
  #heardAtMs = performance.now();
  #early: EarlyFrame[] = [];
  /** News of servers and people that came while it was not live was not for it. */
  #missedNews = false;

  constructor(edge: Edge, ws: WebSocket, connection: Duplex, arrival: Arrival) {
    this.#edge = edge;
    this.#outlet = new Outlet(ws, connection, edge.limits, edge.corks);
    this.#intake = new Intake(edge, this, (frame) => this.#outlet.writeWithTurn(encodeFrame(frame)));
    this.#watching = new Watching(edge.channels, this);
    this.hostname = arrival.hostname;
    this.#cookieToken = arrival.cookieToken;
    ws.on('message', (data, isBinary) => this.#received(data, isBinary));
    ws.on('pong', () => this.#heard());
    // What breaks a connection is followed by `close`; a frame above the size limit is closed with 1009 by `ws` itself.
    ws.on('error', (error) => edge.logger.debug({ err: error.message }, 'socket error'));
    ws.on('close', () => this.#leave());
    this.#helloTimer = setTimeout(
      () => this.#refuse(new EstafetError('bad-frame', 'No hello came in time.'), closeCodes.helloDeadline),
      edge.limits.helloDeadlineMs,
    );
  }

  get isSignedIn(): boolean {
    return this.#state === 'resuming' || this.#state === 'live';
  }

  get isLive(): boolean {
    return this.#state === 'live';
  }

  write(frame: Buffer): void {
    this.#outlet.write(frame);
  }

  tell(frame: Buffer): boolean {
    if (this.#outlet.isHigh) return false;
    this.#outlet.write(frame);
    return true;
  }

  /** Called by the hub when everything up to `upto` has been written. */
  turnEnded(upto: number): void {
    if (!this.#outlet.isHigh) return;
    if (this.#outlet.isOver) {
      this.close(closeCodes.tooSlow, 'too-slow');
      return;
    }
    this.#edge.hub.leave(this);
    this.#state = 'resuming';
    this.#cursor = upto;
    this.#missedNews = true;
    this.#drain();
  }

  /** Feeds the socket from the database once. Whether it wants to be fed again. */
  resumeSlice(): boolean {
    if (this.#state !== 'resuming') return false;
    const { chat, limits, hub } = this.#edge;
    const slice = chat.eventsAfter(this.userId, this.#cursor, limits.resumeSlicePositions);
    if (slice === null) {
      this.#cursor = chat.position.index;
      this.#send({ type: 'reset', index: this.#cursor });
    } else if (slice.upto > this.#cursor) {
      for (const frame of resumeFrames(slice.events, this.#cursor, slice.upto)) this.write(frame);
      this.#cursor = slice.upto;
    }
    if (this.#cursor >= chat.position.index) {
      this.#state = 'live';
      hub.enter(this);
      if (this.#missedNews) this.#tellNews();
      return false;
    }
    this.#missedNews = true;
    if (!this.#outlet.isHigh) return true;
    this.#drain();
    return false;
  }

  /** Feeding it failed. */
  resumeFailed(error: unknown): void {
    this.#edge.logger.error({ err: error }, 'a socket could not be resumed');
    this.#refuse(new EstafetError('internal'), closeCodes.internal);
  }

  sessionEnded(): void {
    this.#refuse(new EstafetError('session-ended'), closeCodes.notSignedIn);
  }

  /** Shows a sign of life to the client and looks for one of the client. `cursor` is a frame that moves a live cursor. */
  beat(nowMs: number, cursor: Buffer): void {
    if (nowMs - this.#heardAtMs > this.#edge.limits.socketSilenceMaxMs) {
      if (this.#outlet.isWaiting) this.close(closeCodes.tooSlow, 'too-slow');
      else this.terminate();
      return;
    }
    this.#outlet.ping();
    if (this.#state === 'live') this.write(cursor);
  }

  /** Ends the socket with a close code; what it was not told it resumes elsewhere. */
  close(code: number, reason: string): void {
    if (this.#state === 'closed') return;
    this.#leave();
    this.#outlet.close(code, reason);
  }

  /** Ends the socket without a word. */
  terminate(): void {
    this.#outlet.terminate();
  }

  #heard(): void {
    this.#heardAtMs = performance.now();
  }

  #received(data: RawData, isBinary: boolean): void {
    this.#heard();
    if (this.#state === 'closed') return;
    let value: unknown = null;
    this.#try(
      () => {
        if (isBinary) throw new EstafetError('bad-json', 'Frames are text, not binary.');
        value = parseJson(data);
        this.#take(readFrame(value));
      },
      () => idIn(value),
    );
    if (this.#outlet.isHigh) this.#drain();
  }

  /** Answers what is refused on the way, for the frame that names `id`. */
  #try(action: () => void, id: () => string | null): void {
    try {
      action();
    } catch (error) {
      if (!(error instanceof EstafetError)) throw error;
      const isHopeless = this.#state === 'greeting' || error.code === 'bad-json';
      if (isHopeless) this.#refuse(error, closeCodes.badFrame);
      else this.#complain(error, id());
    }
  }

  #take(frame: ClientFrame): void {
    if (frame.type === 'hello') {
      if (this.#state !== 'greeting') throw new EstafetError('bad-frame', 'Hello is said once.');
      this.#state = 'arriving';
      this.#greet(frame).catch((error) => this.#greetingFailed(error));
    } else if (this.#state === 'greeting') {
      this.#refuse(new EstafetError('not-signed-in', 'The first frame is a hello.'), closeCodes.notSignedIn);
    } else if (frame.type === 'ping') this.write(pong);
    else if (this.#state === 'arriving') this.#keep(frame);
    else this.#serve(frame);
  }

  #serve(frame: EarlyFrame): void {
    switch (frame.type) {
      case 'do':
        this.#intake.do(frame);
        return;
      case 'cast':
        this.#intake.cast(frame);
        return;
      case 'watch':
        this.#watching.watch(frame.channel, frame.on);
        return;
      case 'say':
        this.#watching.say(frame.channel, frame.body);
    }
  }

  /** What a client sends without waiting for its welcome has its turn right after it. */
  #keep(frame: EarlyFrame): void {
    if (this.#early.length >= this.#edge.limits.socketInFlightMax) throw new EstafetError('too-many-in-flight');
    this.#early.push(frame);
  }

  async #greet({ token, after }: HelloFrame): Promise<void> {
    clearTimeout(this.#helloTimer);
    const admission = await admit(this.#edge, token ?? this.#cookieToken, after);
    if (!this.#outlet.isOpen || this.#edge.isClosing()) return;
    if (this.#edge.cluster.isBehind) this.#refuse(catchingUp(), closeCodes.goingAway);
    else if (admission.kind === 'refused') this.#refuse(admission.error, admission.closeCode);
    // The wait may have been long enough for the session to end.
    else if (this.#edge.sessions.peek(admission.session.tokenHash) === null) this.sessionEnded();
    else this.#welcome(admission);
  }

  /** From here on the socket is fed. */
  #welcome({ kind, session, index }: Exclude<Admission, { readonly kind: 'refused' }>): void {
    const { roster, cluster, presence, resumer, name } = this.#edge;
    this.userId = session.user.id;
    this.tokenHash = session.tokenHash;
    this.#state = 'resuming';
    this.#cursor = index;
    roster.enter(this);
    const brief = cluster.brief(this.hostname);
    this.#send({ type: 'welcome', you: session.user, server: name, index, at: Date.now(), ...brief });
    if (kind === 'reset') this.#send({ type: 'reset', index });
    presence.introduce(this);
    if (this.resumeSlice()) resumer.add(this);
    for (const frame of this.#early.splice(0)) {
      this.#try(
        () => this.#take(frame),
        () => idIn(frame),
      );
    }
  }

  #tellNews(): void {
    this.#missedNews = false;
    this.#send({ type: 'servers', ...this.#edge.cluster.brief(this.hostname) });
    this.#edge.presence.introduce(this);
  }

  #greetingFailed(error: unknown): void {
    this.#edge.logger.error({ err: error }, 'a hello failed');
    this.#refuse(new EstafetError('internal'), closeCodes.internal);
  }

  #send(frame: ServerFrame): void {
    this.write(encodeFrame(frame));
  }

  #complain(error: EstafetError, id: string | null): void {
    this.#send({ type: 'error', ...(id === null ? {} : { id }), ...error.toBody() });
  }

  #refuse(error: EstafetError, code: number): void {
    if (this.#state === 'closed') return;
    this.#complain(error, null);
    this.close(code, error.code);
  }

  /** Neither reads from nor feeds the socket until what it has been sent is gone. */
  #drain(): void {
    this.#outlet.drain(() => {
      this.#heard();
      if (this.#state === 'resuming') this.#edge.resumer.add(this);
    });
  }

  #leave(): void {
    if (this.#state === 'closed') return;
    clearTimeout(this.#helloTimer);
    const wasSignedIn = this.isSignedIn;
    this.#state = 'closed';
    if (!wasSignedIn) return;
    this.#edge.hub.leave(this);
    this.#edge.roster.leave(this);
    this.#watching.end();
  }
}
