// HubSpot's part of a scenario that Callscope's panel runs: what the panel asks this page to do.
//
// The panel evaluates these functions in the page, with JSON in and out. Each answers with one of
// `done`, `refused` (what HubSpot's user is told instead), and `error`.

function attempt(todo) {
  try {
    todo();
    return { done: true };
  } catch (error) {
    return { error: error.message };
  }
}

/** The object that the panel finds as `callscopeSimulator.scenario`. */
export function scenarioPlayer(simulator, { anew, went }) {
  return Object.freeze({
    look() {
      const view = simulator.view();
      return { version: 1, link: view?.link ?? null, widget: view?.widgetUrl ?? '', went };
    },
    begin: (switches) => attempt(() => anew(switches)),
    host(step) {
      const alert = () => simulator.view()?.alert;
      const before = alert()?.number;
      const { error } = attempt(() => simulator.act(step));
      if (error) return { refused: error };
      // Instead of dialing, HubSpot has told its user why it cannot.
      const isTold = step.act === 'dial' && alert() && alert().number !== before;
      return isTold ? { refused: alert().text } : { done: true };
    },
    answers: (switches) => attempt(() => simulator.set(switches)),
    unmet: () => ({ unmet: simulator.unmet() }),
  });
}
