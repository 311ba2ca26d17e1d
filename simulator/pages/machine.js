// The simulator: Rust in `core.js`, a single function with JSON in and out.

/** Milliseconds since the epoch. */
export function now() {
  return performance.timeOrigin + performance.now();
}

/** Runs a command and returns its reply; throws an Error with a sentence. */
function call(command) {
  const reply = JSON.parse(globalThis.callscopeMachine(JSON.stringify({ now: now(), ...command })));
  if (reply.error) throw new Error(reply.error);
  return reply;
}

/** A question, which changes nothing. */
export const ask = (command) => call(command).value;

/** The machine and its clock: `perform` carries out an output, `draw` shows a view. */
export class Machine {
  #perform;
  #draw;
  #timer = 0;

  constructor(perform, draw) {
    this.#perform = perform;
    this.#draw = draw;
  }

  tell(command) {
    const { outputs, view, deadline } = call(command);
    clearTimeout(this.#timer);
    if (deadline !== null) {
      this.#timer = setTimeout(() => this.handle({ input: 'timeout' }), Math.max(0, deadline - now()));
    }
    outputs.forEach(this.#perform);
    this.#draw(view);
  }

  handle(input) {
    this.tell({ do: 'handle', input });
  }
}
