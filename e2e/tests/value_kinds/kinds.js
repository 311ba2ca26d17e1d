// Every kind of value that a window can post to another.
//
// Each entry makes `{ value, transfer, report }`: what is posted, what is transferred with it, and,
// if the sender can see what the receiver does with it, a promise of that.
globalThis.kinds = (() => {
    const plain = value => ({ value });
    const pixels = (width, height) => {
        const image = new ImageData(width, height);
        for (let place = 0; place < image.data.length; place += 1) image.data[place] = place * 7;
        return image;
    };
    const canvas = () => {
        const canvas = new OffscreenCanvas(4, 2);
        canvas.getContext('2d').putImageData(pixels(4, 2), 0, 0);
        return canvas;
    };
    const pause = millis => new Promise(done => setTimeout(done, millis));
    const bytes = () => new Uint8Array([0, 1, 2, 127, 128, 255]);
    const extra = (list, more) => Object.assign(list, more);
    // One chunk at a time, for longer than anyone else may delay reading.
    const slowStream = () => new ReadableStream({
        async start(controller) {
            for (let chunk = 0; chunk < 6; chunk += 1) {
                controller.enqueue({ chunk });
                await pause(15);
            }
            controller.close();
        },
    });
    const sink = () => {
        const written = [];
        let end;
        const report = new Promise(done => { end = done; });
        const stream = new WritableStream({
            write(chunk) { written.push(chunk); },
            close() { end(['closed', ...written]); },
            abort(reason) { end(['aborted', String(reason), ...written]); },
        });
        return { stream, report };
    };
    const nested = depth => {
        let value = 'the end';
        for (let level = 0; level < depth; level += 1) value = level % 2 ? [value] : { in: value };
        return value;
    };

    return {
        undefined: () => plain(undefined),
        null: () => plain(null),
        true: () => plain(true),
        'negative zero': () => plain(-0),
        NaN: () => plain(NaN),
        Infinity: () => plain(-Infinity),
        BigInt: () => plain(-123456789012345678901234567890n),
        string: () => plain('Grüße 👋'),
        'lone surrogates': () => plain({ '\udc00': 'a\ud800b' }),
        'a long string': () => plain('👋'.repeat(200_000)),
        'keys of Object.prototype': () => plain(JSON.parse(
            '{ "__proto__": { "a": 1 }, "constructor": 2, "toString": 3, "then": 4, "toJSON": 5 }',
        )),
        'boxed primitives': () => plain(
            [Object(1), Object(-0), Object(true), Object('text'), Object(7n)],
        ),
        Date: () => plain([new Date(0), new Date(8.64e15), new Date(NaN)]),
        RegExp: () => { const value = /a(b)\/c/giu; value.lastIndex = 3; return plain(value); },
        Map: () => plain(new Map([['a', 1], [{ key: 1 }, new Map([[NaN, -0]])]])),
        Set: () => plain(new Set([1, 'a', {}, new Set([undefined])])),
        'a sparse array': () => plain([1, , undefined, , 5, ,]),
        'an array with more properties': () => plain(extra([1, 2], { x: 3, '-1': 4, '1.5': 5 })),
        'an array that is only long': () => plain(extra([], { length: 1_000_000 })),
        'getters': () => plain({ get a() { return 1; }, b: Object.defineProperty({}, 'no', {}) }),
        'an instance of a class': () => plain(new (class Call { id = 1; #secret = 2; })()),
        'a cycle': () => {
            const value = { list: [], map: new Map() };
            value.self = value;
            value.list.push(value.list, value);
            value.map.set(value, value.map);
            return plain(value);
        },
        'shared references': () => {
            const shared = { a: 1 };
            const when = new Date(5);
            return plain({ one: shared, two: shared, list: [shared, when, when], set: new Set([shared]) });
        },
        'a deep value': () => plain(nested(2_000)),
        ArrayBuffer: () => plain(bytes().buffer),
        'ArrayBuffer, transferred': () => {
            const { buffer } = bytes();
            return { value: buffer, transfer: [buffer], report: Promise.resolve().then(() => buffer.detached) };
        },
        'ArrayBuffer, resizable': () => {
            const buffer = new ArrayBuffer(8, { maxByteLength: 32 });
            return plain([buffer, new Uint8Array(buffer)]);
        },
        'typed arrays': () => plain([
            Int8Array, Uint8Array, Uint8ClampedArray, Int16Array, Uint16Array, Int32Array, Uint32Array,
            Float32Array, Float64Array, BigInt64Array, BigUint64Array,
            ...globalThis.Float16Array ? [Float16Array] : [],
        ].map(kind => new kind(3).fill(kind.name.startsWith('Big') ? 3n : 3))),
        'views of one buffer': () => {
            const { buffer } = new Uint16Array([1, 2, 3, 4]);
            return plain([new Uint8Array(buffer, 2, 3), new DataView(buffer, 1), buffer]);
        },
        'views of a transferred buffer': () => {
            const { buffer } = new Uint16Array([1, 2, 3, 4]);
            return { value: [new Uint8Array(buffer, 2, 3), buffer], transfer: [buffer] };
        },
        Error: () => plain(new Error('it broke', { cause: { code: 7 } })),
        'errors of each class': () => plain(
            [EvalError, RangeError, ReferenceError, SyntaxError, TypeError, URIError]
                .map(kind => new kind(kind.name)),
        ),
        'an error with more': () => plain(
            Object.assign(new TypeError('more'), { name: 'Odd', code: 5, cause: new Error('why') }),
        ),
        AggregateError: () => plain(new AggregateError([new Error('one')], 'two')),
        DOMException: () => plain(new DOMException('no', 'AbortError')),
        QuotaExceededError: () => plain(new QuotaExceededError('full', { quota: 1, requested: 2 })),
        ImageData: () => plain(pixels(3, 2)),
        ImageBitmap: async () => plain(await createImageBitmap(pixels(3, 2))),
        'ImageBitmap, transferred': async () => {
            const value = await createImageBitmap(pixels(3, 2));
            return { value, transfer: [value] };
        },
        'OffscreenCanvas, transferred': () => {
            const value = new OffscreenCanvas(4, 2);
            return { value, transfer: [value] };
        },
        Blob: () => plain(new Blob(['a', bytes()], { type: 'text/x' })),
        File: () => plain(new File(['in it'], 'näme.txt', { type: 'text/y', lastModified: 99 })),
        FileList: () => {
            const input = document.createElement('input');
            const transfer = new DataTransfer();
            transfer.items.add(new File(['one'], '1.txt', { lastModified: 1 }));
            transfer.items.add(new File(['two'], '2.txt', { lastModified: 2 }));
            Object.assign(input, { type: 'file', multiple: true }).files = transfer.files;
            return plain(input.files);
        },
        DOMRect: () => plain([new DOMRect(1, 2, 3, -4), new DOMRectReadOnly(1, 2, 3, 4)]),
        DOMPoint: () => plain([new DOMPoint(1, 2, 3, 4), new DOMPointReadOnly(1)]),
        DOMQuad: () => plain(DOMQuad.fromRect({ x: 1, y: 2, width: 3, height: 4 })),
        DOMMatrix: () => plain([new DOMMatrix([1, 2, 3, 4, 5, 6]), new DOMMatrixReadOnly()]),
        CryptoKey: async () => plain(await crypto.subtle.importKey(
            'raw', new Uint8Array(16).fill(9), 'AES-GCM', true, ['encrypt'],
        )),
        'CryptoKey, not to be extracted': async () => plain(await crypto.subtle.generateKey(
            { name: 'ECDSA', namedCurve: 'P-256' }, false, ['sign'],
        ).then(pair => pair.privateKey)),
        RTCCertificate: async () => plain(await RTCPeerConnection.generateCertificate(
            { name: 'ECDSA', namedCurve: 'P-256' },
        )),
        RTCDataChannel: () => {
            const value = new RTCPeerConnection().createDataChannel('x');
            return { value, transfer: [value] };
        },
        'MessagePort, transferred': () => {
            const { port1, port2 } = new MessageChannel();
            const report = new Promise(done => {
                port1.onmessage = ({ data }) => { port1.postMessage(`${data}, yes`); done(data); };
            });
            return { value: { port: port2 }, transfer: [port2], report };
        },
        'MessagePort, transferred and not in the value': () => {
            const { port1, port2 } = new MessageChannel();
            const report = new Promise(done => {
                port1.onmessage = ({ data }) => { port1.postMessage(`${data}, yes`); done(data); };
            });
            return { value: 'see its ports', transfer: [port2], report };
        },
        'ReadableStream, transferred': () => {
            const value = new ReadableStream({
                start(controller) {
                    for (const chunk of ['one', { two: 2 }, 3n]) controller.enqueue(chunk);
                    controller.close();
                },
            });
            return { value, transfer: [value] };
        },
        'a slow ReadableStream, transferred': () => {
            const value = slowStream();
            return { value: { twice: [value, value] }, transfer: [value] };
        },
        'a stream of bytes, transferred': () => {
            const value = new Blob(['bytes of a stream']).stream();
            return { value, transfer: [value] };
        },
        'WritableStream, transferred': () => {
            const { stream, report } = sink();
            return { value: stream, transfer: [stream], report };
        },
        'TransformStream, transferred': () => {
            const value = new TransformStream({
                transform(chunk, controller) { controller.enqueue(`<${chunk}>`); },
            });
            return { value, transfer: [value] };
        },
        'all at once, transferred': async () => {
            const { stream: sunk, report } = sink();
            const { port1, port2 } = new MessageChannel();
            port1.onmessage = ({ data }) => port1.postMessage(`${data}, yes`);
            const { buffer } = bytes();
            const bitmap = await createImageBitmap(pixels(1, 1));
            const stream = slowStream();
            const transfer = [buffer, port2, sunk, bitmap, stream];
            return { value: { sunk, port2, list: [buffer, bitmap, stream] }, transfer, report };
        },
        VideoFrame: () => plain(new VideoFrame(canvas(), { timestamp: 5 })),
        'VideoFrame, transferred': () => {
            const value = new VideoFrame(canvas(), { timestamp: 6 });
            return { value, transfer: [value] };
        },
        AudioData: () => plain(new AudioData({
            format: 'f32', sampleRate: 8000, numberOfFrames: 2, numberOfChannels: 1, timestamp: 7,
            data: new Float32Array([0.5, -0.5]),
        })),
        EncodedVideoChunk: () => plain(new EncodedVideoChunk({ type: 'key', timestamp: 8, data: bytes() })),
        EncodedAudioChunk: () => plain(new EncodedAudioChunk({ type: 'key', timestamp: 9, data: bytes() })),
        MediaSourceHandle: async () => {
            const script = 'const { handle } = new MediaSource(); postMessage(handle, [handle]);';
            const worker = new Worker(URL.createObjectURL(new Blob([script])));
            const value = await new Promise((done, failed) => {
                worker.onmessage = ({ data }) => done(data);
                worker.onerror = () => failed(new DOMException('', 'NotSupportedError'));
            });
            return { value, transfer: [value] };
        },
        FileSystemDirectoryHandle: async () => plain(await navigator.storage.getDirectory()),
        FileSystemFileHandle: async () => plain(
            await (await navigator.storage.getDirectory()).getFileHandle('kinds', { create: true }),
        ),
        'WebAssembly.Module': () => plain(new WebAssembly.Module(
            new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0]),
        )),
        // These cannot be posted; the receiver is then sent the exception's name instead.
        function: () => plain(() => 1),
        symbol: () => plain(Symbol('no')),
        SharedArrayBuffer: () => plain(new WebAssembly.Memory({ initial: 1, maximum: 1, shared: true }).buffer),
    };
})();
void 0;
