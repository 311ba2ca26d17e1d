// The drawer: which widget, which HubSpot, and what should go wrong.

import { button, byId, el, part } from './dom.js';

/** Names that are clearer than the table's own. */
const FAULTS = [
  ['fail', 'Fails'],
  ['drop', 'Lost'],
  ['duplicate', 'Twice'],
  ['wrong-origin', 'Wrong origin'],
];

/** Returns a function that draws the drawer for a view. */
export function drawer({ tables, simulator, shell }) {
  const box = byId('drawer');
  const set = (name, value) => shell.attempt(() => simulator.set({ [name]: value }));

  const setup = el('section', {});
  const presets = el('section', {});
  const answers = el('section', {});
  const others = el('section', {});
  box.replaceChildren(
    setup,
    presets,
    answers,
    others,
    more(tables, shell),
    known(tables),
  );

  const drawSetup = part(setup, ({ widgetUrl, profile, place }) => {
    const address = el('input', {
      id: 'widget-url', type: 'url', value: widgetUrl, required: true, spellcheck: false,
      autocomplete: 'off', placeholder: 'https://localhost:9025/',
    });
    const load = () => shell.attempt(() =>
      simulator.act({ act: 'setWidget', url: address.value }));
    return [
      el('form', {
        onsubmit: (event) => { event.preventDefault(); load(); },
      },
        el('label', { for: 'widget-url' }, 'Your widget’s address'),
        el('div', { className: 'row' }, address, el('button', { id: 'load-widget', className: 'main' }, 'Load'))),
      choice('profile', 'HubSpot', tables.profiles, profile, (name) =>
        simulator.act({ act: 'setProfile', profile: name })),
      choice('place', 'Place', tables.places, place, (name) =>
        simulator.act({ act: 'setPlace', place: name })),
    ];
  });

  function choice(id, label, rows, value, choose) {
    const select = el('select', {
      id, onchange: () => shell.attempt(() => choose(select.value)),
    }, ...rows.map(({ name, what }) => el('option', { value: name }, what)));
    select.value = value;
    return el('div', { className: 'field' }, el('label', { for: id }, label), select);
  }

  const drawPresets = part(presets, ({ on, profile }) => {
    const isOn = (preset) => {
      const names = Object.keys(preset.switches);
      return names.length === Object.keys(on).length
        && names.every((name) => on[name] === preset.switches[name]);
    };
    const idle = (preset) => Object.keys(preset.switches).some((name) => isIdle(name, profile));
    const chosen = tables.presets.find(isOn);
    const select = el('select', {
      id: 'preset',
      onchange: () => shell.attempt(() =>
        select.value === '' ? simulator.reset() : simulator.preset(select.value)),
    },
      el('option', { value: '' }, Object.keys(on).length > 0 && !chosen ? 'Switches of my own' : 'Everything works'),
      ...tables.presets.map((preset) =>
        el('option', { value: preset.name, disabled: idle(preset) }, preset.what)));
    select.value = chosen?.name ?? '';
    return [
      el('h2', {}, 'Known troubles'),
      el('label', { for: 'preset', className: 'hidden' }, 'Known trouble'),
      select,
      chosen ? el('p', { className: 'small' }, el('strong', {}, 'A good widget: '), chosen.expects) : null,
      chosen ? el('p', { className: 'muted small' }, `Source: ${chosen.source}. `, el('code', {}, chosen.name)) : null,
      el('div', { className: 'row' },
        button('All switches off', () => simulator.reset(), {
          id: 'reset', disabled: Object.keys(on).length === 0,
        })),
    ];
  });

  const rowOf = (name) => tables.switches.find((row) => row.name === name);
  const isIdle = (name, profile) => rowOf(name)?.idleUnder.includes(profile);

  function flag(name, label, { on, met, profile }) {
    const row = rowOf(name);
    const idle = isIdle(name, profile);
    const input = el('input', {
      type: 'checkbox', id: `switch-${name}`, checked: on[name] === true, disabled: idle,
      onchange: () => set(name, input.checked ? true : null),
    });
    const title = idle ? `HubSpot of profile ${profile} never does this` : `${name}: ${row.what}`;
    return el('label', { className: 'check', title }, input, label, seen(name, on, met));
  }

  function number(name, label, placeholder, { on, met, profile }) {
    const row = rowOf(name);
    const input = el('input', {
      type: 'number', min: row.kind === 'count' ? 1 : 0, id: `switch-${name}`,
      value: on[name] ?? '', placeholder, disabled: isIdle(name, profile),
      title: `${name}: ${row.what}`, 'aria-label': row.what,
      onchange: () => set(name, input.value === '' ? null : Number(input.value)),
    });
    return el('label', { className: 'check' }, input, label, seen(name, on, met));
  }

  /** Whether a switch that is on has matched anything. */
  function seen(name, on, met) {
    if (on[name] === undefined) return null;
    return met.includes(name)
      ? el('span', { className: 'chip good' }, 'done')
      : el('span', { className: 'chip' }, 'waits');
  }

  const drawAnswers = part(answers, (state) => [
    el('h2', {}, 'What HubSpot sends'),
    el('p', { className: 'muted small' }, 'HubSpot’s own delays are not known; these are the simulator’s.'),
    ...tables.answers.map((answer) => {
      const has = (fault) => rowOf(`${answer.name}.${fault}`);
      const faults = FAULTS.filter(([fault]) => has(fault));
      const isOn = Object.keys(state.on).some((name) => name.startsWith(`${answer.name}.`)
        && [...FAULTS.map(([fault]) => fault), 'delay'].includes(name.slice(answer.name.length + 1)));
      return el('details', { open: isOn },
        el('summary', {}, el('code', {}, answer.sends ?? answer.failsWith), mark(answer.certainty)),
        el('p', { className: 'muted small' }, `After ${answer.after}.`),
        el('div', { className: 'checks' },
          ...faults.map(([fault, label]) => flag(`${answer.name}.${fault}`, label, state)),
          number(`${answer.name}.delay`, 'ms', String(answer.delayMs), state)));
    }),
  ]);

  const drawOthers = part(others, (state) => [
    el('h2', {}, 'What else can go wrong'),
    ...tables.switches
      .filter(({ name }) => !tables.answers.some((answer) => FAULTS
        .map(([fault]) => fault).concat('delay')
        .some((fault) => name === `${answer.name}.${fault}`)))
      .map((row) => el('div', { className: 'other-switch' },
        control(row, state),
        el('p', { className: 'muted small' }, row.what, ' ', mark(row.certainty)))),
  ]);

  function control(row, state) {
    if (row.kind === 'flag') return flag(row.name, el('code', {}, row.name), state);
    if (row.kind !== 'choice') {
      const unit = row.kind === 'millis' ? 'ms' : 'at once';
      return el('div', {}, el('code', {}, row.name), number(row.name, unit, '', state));
    }
    const select = el('select', {
      id: `switch-${row.name}`, disabled: isIdle(row.name, state.profile), 'aria-label': row.what,
      onchange: () => set(row.name, select.value || null),
    }, el('option', { value: '' }, 'off'), ...row.words.map((word) => el('option', { value: word }, word)));
    select.value = state.on[row.name] ?? '';
    return el('div', { className: 'row' }, el('code', {}, row.name), select, seen(row.name, state.on, state.met));
  }

  return (view) => {
    const { widgetUrl, profile, place, switches } = view;
    const on = Object.fromEntries(switches.map(({ name, value }) => [name, value]));
    const met = switches.filter((it) => it.met).map(({ name }) => name);
    drawSetup({ widgetUrl, profile, place });
    drawPresets({ on, profile });
    drawAnswers({ on, met, profile });
    drawOthers({ on, met, profile });
  };
}

/** Marks what is not certain. */
function mark(certainty) {
  const isFact = certainty === 'certain' || certainty === 'documented';
  if (isFact || certainty === 'the simulator\'s own') return null;
  return el('span', { className: 'chip', title: 'HubSpot may do otherwise' }, certainty);
}

/** Buttons for actions without a place in the page. */
function more(tables, shell) {
  const does = [
    ['reload-widget', 'Reload the widget', { act: 'reloadWidget' }],
    ['reload-page', 'Reload the page', { act: 'reloadPage' }],
    ['set-call-state', 'Send SET_CALL_STATE', { act: 'setCallState', data: { state: 'RINGING' } }],
    ['send-unknown', 'Send a type that no SDK knows', { act: 'send', type: 'CALL_QUALITY', data: { score: 4 } }],
  ];
  return el('section', {},
    el('h2', {}, 'More that can happen'),
    el('div', { className: 'row wrap' }, ...does.map(([id, text, step]) =>
      button(text, () => shell.attempt(() => shell.act(step)), { id }))));
}

/** Shows what HubSpot does, and how much of that is known. */
function known(tables) {
  return el('section', {},
    el('details', {},
      el('summary', {}, el('strong', {}, 'What is known of HubSpot')),
      el('p', { className: 'muted small' }, 'HubSpot’s own page is not public. What is only inferred is so marked; HubSpot may do otherwise.'),
      el('ul', { className: 'known' }, ...tables.behaviors.map(({ what, certainty, source }) =>
        el('li', {}, el('span', { className: `chip ${certainty}` }, certainty), ' ', what, el('span', { className: 'muted small' }, ` (${source})`))))));
}
