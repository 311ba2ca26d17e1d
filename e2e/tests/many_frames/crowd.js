// Frames that each send a message to this page, and leave.
globalThis.crowd = (() => {
    let frame = 0;
    const waiting = new Map();
    // The ids of the crowd's messages: from frames in the page, and from frames that had left it.
    const crowd = { heard: [], left: [] };
    addEventListener('message', ({ data, source }) => {
        if (data?.place !== 'crowd') return;
        const inPage = Array.from(frames, (_, index) => frames[index]).includes(source);
        (inPage ? crowd.heard : crowd.left).push(data.messageId);
        // The page's own log is for the widget's messages.
        demoLog.pop();
        waiting.get(data.frame)?.(source, data);
    });
    // Scripts that run in the frame as it is added, or as it loads.
    const kinds = {
        'same process'(element, script) {
            document.body.append(element);
            element.contentWindow.eval(script);
        },
        'another process'(element, script) {
            element.sandbox = 'allow-scripts';
            element.srcdoc = `<script>${script}</scr${'ipt'}>`;
            document.body.append(element);
        },
    };
    const say = (type, id, more = '') =>
        `parent.postMessage({ type: ${type}, messageId: ${id}, place: 'crowd', frame: ${frame} ${more} }, '*');`;
    const speak = type => say(`'${type}'`, `'crowd_${frame}_${type}'`);
    const scripts = {
        speak: () => speak('LOGGED_IN'),
        acknowledge: () => `addEventListener('message', ({ data }) => {
            if (data.type === 'SYNC') ${speak('SYNC_ACK')}
        });${speak('READY')}`,
        flood: () => `${speak('LOGGED_IN')} for (let n = 0; n < 500; n += 1) {
            const huge = n % 50 === 0 ? 'x'.repeat(300_000) : '';
            ${say("'MADE_UP_' + n", `'flood_${frame}_' + n`, ", ['key' + n]: n, huge, last: n === 499")}
        }`,
    };
    const isLast = {
        speak: () => true,
        acknowledge: ({ type }) => type === 'SYNC_ACK',
        flood: ({ last }) => last,
    };
    // A frame is added, sends a message, and is removed: before that can arrive, or once everything
    // that it sent has arrived.
    const visit = async (kind, act, leaves) => {
        const number = frame += 1;
        const element = document.createElement('iframe');
        const done = new Promise(done => waiting.set(number, (source, data) => {
            if (data.type === 'READY') {
                source.postMessage({ type: 'SYNC', messageId: `sync_${number}` }, '*');
            }
            if (isLast[act](data)) done();
        }));
        kinds[kind](element, scripts[act]());
        if (leaves === 'before') element.remove();
        await done;
        waiting.delete(number);
        element.remove();
    };
    crowd.comes = async (kind, act, leaves, count) => {
        await Promise.all(Array.from({ length: count }, () => visit(kind, act, leaves)));
    };
    // Frames that are reloaded again and again, each time with a new document, which sends one
    // message.
    const renew = async times => {
        const element = document.createElement('iframe');
        document.body.append(element);
        for (let time = 0; time < times; time += 1) {
            const number = frame += 1;
            const heard = new Promise(heard => waiting.set(number, heard));
            element.srcdoc = `<script>${scripts.speak()}</scr${'ipt'}>`;
            await heard;
            waiting.delete(number);
        }
        element.remove();
    };
    crowd.renews = async (frames, times) => {
        await Promise.all(Array.from({ length: frames }, () => renew(times)));
    };
    return crowd;
})();
void 0;
