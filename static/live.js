/* The wall: one response carries every camera; each feeds its own video. Without a right, or without news of it, dark. */
"use strict";

const KIND = { codec: 1, init: 2, key: 3, delta: 4, end: 5, right: 6 };
const HEAD = 6; /* length u32, camera u8, kind u8 */
const SILENCE_MS = 12000; /* the server says every two seconds that the right runs */
const wall = document.getElementById("mur");
const announcement = document.getElementById("annonce");
const words = document.getElementById("mots").dataset; /* what the page says, in its reader's language */

/* One camera: its video, its buffer, its end. */
class Tile {
  constructor(figure) {
    this.figure = figure;
    this.video = figure.querySelector("video");
    this.dark = figure.querySelector("[data-dark]");
    this.wait = figure.querySelector("[data-wait]");
    this.mark = figure.querySelector("[data-mark]");
    this.name = figure.querySelector(".tile-name").textContent;
    this.queue = [];
    this.over = !this.video;
    if (this.video) {
      this.video.addEventListener("playing", () => this.shown());
      this.video.addEventListener("resize", () => this.shown());
    }
  }

  say(name) {
    const state = this.figure.querySelector("[data-state]");
    state.replaceChildren(document.getElementById(`etat-${name}`).content.cloneNode(true));
  }

  shown() {
    if (this.over || this.video.videoWidth === 0) return;
    if (this.video.hidden || this.wait.isConnected) {
      this.video.hidden = false;
      this.mark.hidden = false;
      this.wait.remove();
      this.say("ouverte");
    }
  }

  /* A new codec line starts a new source: the camera came back, or changed its picture. */
  start(codec) {
    this.release();
    const type = `video/mp4; codecs="${codec}"`;
    if (!window.MediaSource || !MediaSource.isTypeSupported(type)) {
      this.end({ title: words.unread, reason: `${words.format} ${codec}.`, articles: [], remedy: "" });
      return;
    }
    const source = new MediaSource();
    this.source = source;
    this.address = URL.createObjectURL(source);
    source.addEventListener("sourceopen", () => {
      if (this.source !== source) return;
      this.buffer = source.addSourceBuffer(type);
      this.buffer.mode = "segments";
      this.buffer.addEventListener("updateend", () => this.flush());
      this.flush();
    }, { once: true });
    this.video.hidden = false;
    this.video.src = this.address;
  }

  push(bytes) {
    if (this.over) return;
    this.queue.push(bytes);
    this.flush();
  }

  flush() {
    if (this.over || !this.buffer || this.buffer.updating || this.source.readyState !== "open") return;
    this.follow();
    if (this.buffer.updating || this.queue.length === 0) return;
    try {
      this.buffer.appendBuffer(this.queue.length === 1 ? this.queue.shift() : this.joined());
    } catch (fault) {
      if (fault.name !== "QuotaExceededError") throw fault;
      this.buffer.remove(0, Math.max(0.1, this.video.currentTime - 5));
    }
  }

  joined() {
    const parts = this.queue.splice(0);
    const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
    let at = 0;
    for (const part of parts) {
      whole.set(part, at);
      at += part.length;
    }
    return whole;
  }

  /* Stay at the edge: a little faster while late, a jump when very late, and nothing kept behind. */
  follow() {
    const ranges = this.video.buffered;
    if (ranges.length === 0) return;
    const edge = ranges.end(ranges.length - 1);
    const first = ranges.start(ranges.length - 1);
    const late = edge - this.video.currentTime;
    if (late > 0.8 || this.video.currentTime < first) this.video.currentTime = Math.max(first, edge - 0.1);
    this.video.playbackRate = late > 0.2 ? 1.08 : 1;
    if (this.video.paused) this.video.play().catch(() => {});
    if (ranges.start(0) < this.video.currentTime - 30) this.buffer.remove(0, this.video.currentTime - 10);
  }

  release() {
    this.queue = [];
    this.buffer = null;
    this.source = null;
    this.video.pause();
    this.video.removeAttribute("src");
    this.video.load();
    if (this.address) URL.revokeObjectURL(this.address);
    this.address = null;
  }

  /* Dark at once, without a fade: hide first, then forget what was buffered, then say why. */
  end(why) {
    if (this.over) return;
    this.over = true;
    this.video.hidden = true;
    this.mark.hidden = true;
    this.release();
    if (this.wait.isConnected) this.wait.remove();
    /* The law's words are quoted, whatever the language of the page. */
    if (why.lang) [announcement, ...this.dark.querySelectorAll("[data-title], [data-reason], [data-remedy]")].forEach((e) => { e.lang = why.lang; });
    this.dark.querySelector("[data-title]").textContent = why.title;
    this.dark.querySelector("[data-reason]").textContent = why.reason;
    this.dark.querySelector("[data-articles]").textContent = why.articles.length ? `(${why.articles.join(", ")})` : "";
    this.dark.querySelector("[data-remedy]").textContent = why.remedy || "";
    this.dark.hidden = false;
    this.figure.querySelector(".tile-view").classList.add("tile-view-text");
    this.say("eteinte");
    announcement.textContent = `${this.name} : ${why.title}. ${why.reason}`;
  }
}

const tiles = [...wall.querySelectorAll(".tile")].map((figure) => new Tile(figure));
const everyEnd = (why) => tiles.forEach((tile) => tile.end(why));
let heard = performance.now();

function receive(camera, kind, payload) {
  heard = performance.now();
  const tile = tiles[camera];
  if (kind === KIND.right || !tile || tile.over) return;
  if (kind === KIND.codec) tile.start(new TextDecoder().decode(payload));
  else if (kind === KIND.end) tile.end(JSON.parse(new TextDecoder().decode(payload)));
  else tile.push(payload);
}

/* Cut the response into messages; the bytes of one may come in several pieces. */
class Cutter {
  constructor() {
    this.parts = [];
    this.size = 0;
  }

  add(part) {
    this.parts.push(part);
    this.size += part.length;
    for (;;) {
      if (this.size < HEAD) return;
      const head = this.peek(HEAD);
      const view = new DataView(head.buffer, head.byteOffset, HEAD);
      const length = view.getUint32(0);
      if (this.size < HEAD + length) return;
      const message = this.take(HEAD + length);
      receive(message[4], message[5], message.subarray(HEAD));
    }
  }

  peek(count) {
    if (this.parts[0].length < count) this.parts = [this.whole()];
    return this.parts[0];
  }

  take(count) {
    if (this.parts[0].length < count) this.parts = [this.whole()];
    const first = this.parts[0];
    const message = first.subarray(0, count);
    if (first.length === count) this.parts.shift();
    else this.parts[0] = first.subarray(count);
    this.size -= count;
    return message;
  }

  whole() {
    const whole = new Uint8Array(this.size);
    let at = 0;
    for (const part of this.parts) {
      whole.set(part, at);
      at += part.length;
    }
    return whole;
  }
}

async function watch() {
  const why = { title: words.broken, articles: [], remedy: words.again };
  try {
    const response = await fetch(wall.dataset.stream, { cache: "no-store", credentials: "same-origin" });
    if (!response.ok) throw new Error(String(response.status));
    const reader = response.body.getReader();
    const cutter = new Cutter();
    for (;;) {
      const { done, value } = await reader.read();
      if (done) break;
      cutter.add(value);
    }
    everyEnd({ ...why, title: words.over, reason: words.closed });
  } catch {
    everyEnd({ ...why, reason: words.unanswered });
  }
}

/* Nothing heard: closed by default, even if the network hides the end. */
setInterval(() => {
  if (performance.now() - heard > SILENCE_MS) {
    everyEnd({ title: words.unchecked, reason: words.silent, articles: [], remedy: "" });
  }
}, 500);

/* Who looks, by which consultation, when: over every image and over its full screen. */
const two = (number) => String(number).padStart(2, "0");
function stamp() {
  const now = new Date();
  const day = `${two(now.getDate())}/${two(now.getMonth() + 1)}/${now.getFullYear()}`;
  const hour = `${two(now.getHours())}:${two(now.getMinutes())}:${two(now.getSeconds())}`;
  const text = `${wall.dataset.person} · consultation ${wall.dataset.number} · ${day} ${hour}`;
  for (const tile of tiles) if (tile.mark) tile.mark.textContent = text;
}
stamp();
setInterval(stamp, 1000);

/* 1, 4 or 9 images; one may be grown. */
let chosen = null;
function lay(count) {
  wall.className = `wall wall-${count}`;
  for (const button of document.querySelectorAll("[data-wall]")) {
    button.setAttribute("aria-pressed", String(button.dataset.wall === String(count)));
  }
  const only = count === 1 ? chosen ?? tiles.find((tile) => !tile.over) ?? tiles[0] : null;
  for (const tile of tiles) {
    tile.figure.hidden = Boolean(only) && tile !== only;
    tile.figure.classList.toggle("tile-focus", tile === only);
    tile.figure.querySelector("[data-grow]").setAttribute("aria-pressed", String(tile === only));
  }
}
const natural = tiles.length === 1 ? 1 : tiles.length <= 4 ? 4 : 9;
function grow(tile) {
  if (!tile) return;
  const back = chosen === tile && wall.classList.contains("wall-1");
  chosen = back ? null : tile;
  lay(back ? natural : 1);
  tile.figure.querySelector("[data-grow]").focus();
}
function full() {
  const tile = chosen ?? tiles.find((one) => !one.figure.hidden);
  if (document.fullscreenElement) document.exitFullscreen();
  else if (tile) tile.figure.querySelector(".tile-view").requestFullscreen().catch(() => {});
}

for (const tile of tiles) tile.figure.querySelector("[data-grow]").addEventListener("click", () => grow(tile));
for (const button of document.querySelectorAll("[data-wall]")) {
  button.addEventListener("click", () => {
    chosen = null;
    lay(Number(button.dataset.wall));
  });
}
document.querySelector("[data-full]").addEventListener("click", full);
document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.altKey || event.metaKey || event.target.matches("input, textarea, select")) return;
  if (event.key >= "1" && event.key <= "9") grow(tiles[Number(event.key) - 1]);
  else if (event.key === "f" || event.key === "F") full();
  else if (event.key === "Escape" && chosen) grow(chosen);
});

watch();
