'use strict';

// Runs in the panel's page before Callscope does, and watches what that does there.

globalThis.callscopeProbe = (() => {
  const nextFrame = requestAnimationFrame.bind(globalThis);
  const probe = {
    // How many animation frames ran, and how many of them drew something.
    frames: 0,
    paints: 0,
    // The script time of each frame that drew, in milliseconds.
    scripts: [],

    reset() {
      Object.assign(probe, { frames: 0, paints: 0, scripts: [] });
    },

    // Measures from now until `standstill` the longest time in which no other task could run, in
    // milliseconds. Checking all the time detects freezes of a few milliseconds, but takes some of
    // the time itself.
    watch(allTheTime) {
      const channel = new MessageChannel();
      let last = performance.now();
      let longest = 0;
      let isOver = false;
      const again = () => (allTheTime ? channel.port2.postMessage(0) : setTimeout(look, 4));
      const look = () => {
        const now = performance.now();
        longest = Math.max(longest, now - last);
        last = now;
        if (!isOver) again();
      };
      channel.port1.onmessage = look;
      again();
      probe.standstill = () => {
        isOver = true;
        return Math.max(longest, performance.now() - last);
      };
    },

    progress: () => JSON.parse(callscopePanel.progress()),

    // Drops the file of an input field on the panel; returns the milliseconds until all its
    // messages are shown.
    async drop(input, messages) {
      const dataTransfer = new DataTransfer();
      dataTransfer.items.add(input.files[0]);
      const start = performance.now();
      const event = new DragEvent('drop', { dataTransfer, bubbles: true, cancelable: true });
      document.getElementById('callscope').dispatchEvent(event);
      while (probe.progress().status.messages < messages) {
        await new Promise(passed => setTimeout(passed, 10));
      }
      // The first frame draws them, the second one comes after that.
      await new Promise(nextFrame);
      await new Promise(nextFrame);
      return performance.now() - start;
    },
  };

  globalThis.requestAnimationFrame = callback =>
    nextFrame(time => {
      probe.frames += 1;
      const before = probe.draws;
      const start = performance.now();
      callback(time);
      if (probe.draws === before) return;
      probe.paints += 1;
      probe.scripts.push(performance.now() - start);
    });

  probe.draws = 0;
  const { prototype } = WebGL2RenderingContext;
  const { drawElements } = prototype;
  prototype.drawElements = function (...rest) {
    probe.draws += 1;
    return drawElements.apply(this, rest);
  };
  return probe;
})();
