// One client of the six calls each: node node.mjs <client> <address> <write key>, run where its package is installed.
import { createRequire } from "node:module";

const [client, host, key] = process.argv.slice(2);
const load = createRequire(`${process.cwd()}/`);
const failed = (error) => {
  console.error(error);
  process.exitCode = 1;
};
const done = (call) => new Promise((resolve) => call((error) => resolve(error && failed(error))));

const SPEAK = {
  async segment() {
    const { Analytics } = load("@segment/analytics-node");
    const analytics = new Analytics({ writeKey: key, host });
    analytics.on("error", failed);
    analytics.identify({ userId: "user-1", traits: { email: "somebody@example.com" } });
    analytics.track({ userId: "user-1", event: "Video Played", properties: { number: 1 } });
    analytics.page({ userId: "user-1", name: "Home" });
    analytics.screen({ userId: "user-1", name: "Home" });
    analytics.group({ userId: "user-1", groupId: "group-1" });
    analytics.alias({ userId: "user-1", previousId: "anonymous-1" });
    await analytics.closeAndFlush();
  },

  async rudder() {
    const Analytics = load("@rudderstack/rudder-sdk-node");
    const analytics = new Analytics(key, { dataPlaneUrl: host, errorHandler: failed, logLevel: "error" });
    analytics.identify({ userId: "user-1", traits: { email: "somebody@example.com" } });
    analytics.track({ userId: "user-1", event: "Video Played", properties: { number: 1 } });
    analytics.page({ userId: "user-1", name: "Home" });
    analytics.screen({ userId: "user-1", name: "Home" });
    analytics.group({ userId: "user-1", groupId: "group-1" });
    analytics.alias({ userId: "user-1", previousId: "anonymous-1" });
    await done((told) => analytics.flush(told));
  },

  async jitsu() {
    const { jitsuAnalytics } = load("@jitsu/js");
    const analytics = jitsuAnalytics({ host, writeKey: key, s2s: true });
    analytics.configure?.({ errorPolicy: "throw" });
    await analytics.identify("user-1", { email: "somebody@example.com" });
    await analytics.track("Video Played", { number: 1 });
    await analytics.page({ name: "Home" });
    await analytics.group("group-1", { name: "Practice" });
    await analytics.alias?.("user-1", "anonymous-1");
  },
};

await SPEAK[client]();
