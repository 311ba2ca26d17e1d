// Posts values from one page to another and describes what arrives.
//
// The two pages agree over a separate port which kind comes next, so that only the kinds pass
// between the windows, and nobody has to read a message to know what it is.
globalThis.exchange = (() => {
    const LIMIT = 10_000;
    const within = async promise => {
        let timer;
        const late = new Promise(done => { timer = setTimeout(done, LIMIT, 'nothing came of it'); });
        const first = await Promise.race([promise, late]);
        clearTimeout(timer);
        return first;
    };
    const pause = millis => new Promise(done => setTimeout(done, millis));

    const hex = buffer => [...new Uint8Array(buffer).subarray(0, 64)]
        .map(byte => byte.toString(16).padStart(2, '0')).join('');
    const pixels = source => {
        const canvas = new OffscreenCanvas(source.width, source.height);
        const context = canvas.getContext('2d');
        context.drawImage(source, 0, 0);
        return hex(context.getImageData(0, 0, source.width, source.height).data.buffer);
    };
    const chunksOf = async stream => {
        const chunks = [];
        const reader = stream.getReader();
        for (;;) {
            const { done, value } = await reader.read();
            if (done) return chunks;
            chunks.push(value);
        }
    };
    const answerOf = port => new Promise(done => {
        port.onmessage = ({ data }) => done(data);
        port.postMessage('is anybody there?');
    });
    const copied = async (source, options) => {
        const buffer = new ArrayBuffer(source.allocationSize?.(options) ?? source.byteLength);
        await source.copyTo(buffer, options);
        return hex(buffer);
    };
    const pick = (value, ...names) => names.map(name => [name, value[name]]);

    // What an object's own properties do not show, by class name.
    const inside = {
        Boolean: it => it.valueOf(),
        Number: it => it.valueOf(),
        String: it => it.valueOf(),
        BigInt: it => it.valueOf(),
        Date: it => it.getTime(),
        RegExp: it => pick(it, 'source', 'flags', 'lastIndex'),
        Map: it => [...it],
        Set: it => [...it],
        Error: it => pick(it, 'name', 'message', 'stack', 'cause'),
        DOMException: it => pick(it, 'name', 'message', 'code', 'quota', 'requested'),
        ArrayBuffer: it => [it.byteLength, it.resizable, it.maxByteLength, hex(it)],
        DataView: it => pick(it, 'byteOffset', 'byteLength', 'buffer'),
        ImageData: it => pick(it, 'width', 'height', 'colorSpace', 'data'),
        ImageBitmap: it => [...pick(it, 'width', 'height'), pixels(it)],
        OffscreenCanvas: it => [...pick(it, 'width', 'height'), Boolean(it.getContext('2d')), pixels(it)],
        Blob: async it => [...pick(it, 'size', 'type'), await it.text()],
        File: async it => [...pick(it, 'name', 'size', 'type', 'lastModified'), await it.text()],
        FileList: it => [...it],
        CryptoKey: async it => [
            ...pick(it, 'type', 'extractable', 'algorithm', 'usages'),
            it.extractable ? hex(await crypto.subtle.exportKey('raw', it)) : 'stays inside',
        ],
        RTCCertificate: it => it.getFingerprints().length,
        MessagePort: answerOf,
        ReadableStream: chunksOf,
        WritableStream: async it => {
            const writer = it.getWriter();
            await writer.write('written');
            await pause(40);
            await writer.write({ later: true });
            await writer.close();
        },
        TransformStream: async it => {
            const chunks = chunksOf(it.readable);
            const writer = it.writable.getWriter();
            await writer.write('a');
            await pause(40);
            await writer.write('b');
            await writer.close();
            return chunks;
        },
        VideoFrame: async it => [...pick(it, 'codedWidth', 'codedHeight', 'timestamp'), await copied(it)],
        AudioData: async it => [
            ...pick(it, 'format', 'sampleRate', 'numberOfFrames', 'timestamp'), await copied(it, { planeIndex: 0 }),
        ],
        EncodedVideoChunk: async it => [...pick(it, 'type', 'timestamp'), await copied(it)],
        EncodedAudioChunk: async it => [...pick(it, 'type', 'timestamp'), await copied(it)],
        MediaSourceHandle: it => {
            const video = document.createElement('video');
            video.srcObject = it;
            return video.srcObject === it;
        },
    };

    // Lines that describe all of a value: each object once, by the path where it was found first.
    const describe = async received => {
        const paths = new Map();
        const lines = [];
        const queue = [['it', received]];
        const say = (path, what) => { if (lines.length < 5_000) lines.push(`${path}: ${what}`); };
        while (queue.length > 0) {
            const [whole, value] = queue.shift();
            // With thousands of levels, paths would take megabytes.
            const path = whole.length > 100 ? `#${paths.size}` : whole;
            if (Object(value) !== value) {
                const text = Object.is(value, -0) ? '-0' : String(value);
                const form = text.isWellFormed() ? '' : ` ${escape(text)}`;
                say(path, `${typeof value} ${text.length} ${text.slice(0, 200)}${form}`);
                continue;
            }
            if (paths.has(value)) {
                say(path, `the same as ${paths.get(value)}`);
                continue;
            }
            paths.set(value, path);
            const tag = Object.prototype.toString.call(value).slice(8, -1);
            const own = Object.getPrototypeOf(value)?.constructor;
            say(path, `${tag}, ${own?.name}, ${own === globalThis[own?.name] ? 'of this window' : 'of another'}`);
            // The elements of a typed array are the bytes of its buffer.
            if (ArrayBuffer.isView(value)) {
                queue.push([`${path}.(view)`, [value.byteOffset, value.byteLength, value.buffer]]);
                continue;
            }
            if (Array.isArray(value)) say(path, `length ${value.length}`);
            for (const key of tag === 'String' || tag === 'FileList' ? [] : Reflect.ownKeys(value)) {
                const { value: member, writable, enumerable, configurable, get } =
                    Object.getOwnPropertyDescriptor(value, key);
                const flags = [writable, enumerable, configurable, Boolean(get)].map(Number).join('');
                if (key === 'length' && Array.isArray(value)) continue;
                say(`${path}.${String(key)}`, flags);
                queue.push([`${path}.${String(key)}`, member]);
            }
            if (tag in inside) {
                try {
                    const within = await inside[tag](value);
                    if (within !== undefined) queue.push([`${path}.(${tag})`, within]);
                } catch (error) {
                    say(path, `failed with ${error}`);
                }
            }
        }
        return lines;
    };

    const arrival = moment => new Promise(done => {
        const kinds = ['message', 'messageerror'];
        const heard = async event => {
            for (const kind of kinds) removeEventListener(kind, heard);
            if (event.type === 'messageerror') return done(['a messageerror']);
            const ports = [...event.ports];
            if (moment === 'after a promise') await Promise.resolve();
            done(describe([event.data, ports]));
        };
        for (const kind of kinds) addEventListener(kind, heard);
    });

    // Over the first port, this page announces kinds; over the second, it learns what the other
    // page will post.
    let outgoing;
    let incoming;
    const said = () => new Promise(done => { outgoing.onmessage = ({ data }) => done(data); });

    return {
        // Describes what the other page posts, for the rest of this page's life.
        listen() {
            const hear = ({ data, ports }) => {
                if (data !== 'a port for kinds') return;
                removeEventListener('message', hear);
                [incoming] = ports;
                incoming.onmessage = async ({ data: moment }) => {
                    const arrived = arrival(moment);
                    incoming.postMessage('listening');
                    incoming.postMessage(await within(arrived));
                };
                incoming.postMessage('connected');
            };
            addEventListener('message', hear);
        },
        async connect(target) {
            const { port1, port2 } = new MessageChannel();
            outgoing = port1;
            const connected = said();
            target.postMessage('a port for kinds', '*', [port2]);
            await connected;
        },
        // Posts kinds of values to a window, and reports what the other page got of each.
        async post(target, { moment, wrapped, only }) {
            const results = {};
            for (const [name, make] of Object.entries(kinds)) {
                if (only && !only.some(part => name.includes(part))) continue;
                let made;
                try {
                    made = await make();
                } catch (error) {
                    made = { value: `not made: ${error.name}` };
                }
                const { value, transfer = [], report } = made;
                const wrap = data => wrapped ? { type: 'CALL_DATA', messageId: name, data } : data;
                const listening = said();
                outgoing.postMessage(moment);
                await listening;
                const arrived = said();
                try {
                    target.postMessage(wrap(value), '*', transfer);
                } catch (error) {
                    target.postMessage(wrap(`not posted: ${error.name}`), '*');
                }
                results[name] = { received: await arrived };
                if (report) results[name].report = await within(report);
            }
            return results;
        },
    };
})();
void 0;
