//! Messages right before a page is unloaded by a reload, another page of the site, or another site,
//! or goes into the back/forward cache and never comes back.

#![expect(clippy::unwrap_used, reason = "in helpers, a panic fails the test")]

use callscope_browser::{Poll, wait_for};
use callscope_bus::AHEAD_PREFIX;
use callscope_e2e::{
    Entry, LIMIT, Recorded, Stage, demo, difference, heard_after_leaving, heard_that_it_leaves,
    keep_talking, kept_log, talk_and_leave,
};
use serde_json::{Value, json};

/// How often each way of leaving is tried.
const ROUNDS: u32 = 3;

#[derive(Clone, Copy, Debug)]
enum Way {
    Reload,
    SameSite,
    OtherSite,
    /// Like these, into the back/forward cache.
    CachedSameSite,
    CachedOtherSite,
}

impl Way {
    const ALL: [Self; 5] = [
        Self::Reload,
        Self::SameSite,
        Self::OtherSite,
        Self::CachedSameSite,
        Self::CachedOtherSite,
    ];

    fn is_cached(self) -> bool {
        matches!(self, Self::CachedSameSite | Self::CachedOtherSite)
    }

    /// The parameters of the page that leaves this way.
    fn parameters(self) -> &'static str {
        if self.is_cached() {
            "login=auto&autodial=off&cache=back-forward"
        } else {
            "login=auto&autodial=off"
        }
    }
}

/// The script with which a page leaves.
fn leaving(stage: &Stage, way: Way, run: &str) -> String {
    let to = |url: String| format!("location.href = {}", Value::from(url));
    match way {
        Way::Reload => "location.reload()".to_owned(),
        Way::SameSite | Way::CachedSameSite => {
            let parameters = format!("{}&run={run}", way.parameters());
            to(stage.demo.host_url_with(&parameters))
        }
        Way::OtherSite | Way::CachedOtherSite => to(stage.demo.widget_url()),
    }
}

/// Makes the host's page leave with nothing on its way.
fn leave(stage: &Stage, way: Way, run: &str) {
    let leave = leaving(stage, way, run);
    let script = format!("(() => {{ window.isOld = true; setTimeout(() => {{ {leave} }}); }})()");
    stage.pages.host.evaluate::<()>(&script).unwrap();
}

/// Waits for the next page, on the host's site again.
fn arrive(stage: &mut Stage, way: Way) {
    let loaded = "!globalThis.isOld && document.readyState === 'complete'";
    let host = stage.pages.host.clone();
    host.wait_until::<bool>("the next page", loaded).unwrap();
    if matches!(way, Way::OtherSite | Way::CachedOtherSite) {
        stage.go(way.parameters()).unwrap();
    } else {
        stage.meet().unwrap();
        stage.pages.wait_for_handshake().unwrap();
    }
}

/// The logs that the previous pages stored.
fn logs(stage: &Stage, way: Way, run: &str) -> Vec<Entry> {
    let mut logged = kept_log(&stage.pages.host, run).unwrap();
    logged.extend(kept_log(&stage.pages.widget, run).unwrap());
    logged.sort_by(|one, other| one.at.total_cmp(&other.at));
    assert!(
        logged.len() >= 2 * callscope_e2e::ROUND_TRIPS,
        "{way:?}: the pages have kept {}",
        logged.len()
    );
    logged
}

/// What pages have left, in short.
fn stored(stage: &Stage) -> String {
    let stored = stage.panel.target().evaluate::<Vec<String>>(
        "chrome.storage.session.get(null).then(all => Object.entries(all).map(([key, text]) =>
            [key, text.length, text.slice(0, 100)].join(' ')))",
    );
    format!("stored: {stored:#?}")
}

/// The messages of this run's conversation, and the gaps of the whole session.
fn of_run(stage: &Stage, run: &str) -> (Vec<Recorded>, Vec<Value>) {
    let mut recorded = stage.panel.recorded().unwrap();
    let is_of_run = |it: &&Recorded| it.message["data"]["run"] == run;
    let conversation = recorded.iter().find(is_of_run).map(|it| it.conversation);
    recorded.retain(|it| Some(it.conversation) == conversation);
    (recorded, stage.panel.lines("gap").unwrap())
}

/// Waits until the shown session has all of a run, in order and without a gap.
fn check(stage: &Stage, run: &str, logged: &[Entry]) {
    let what = format!("all of {run}");
    wait_for(&what, LIMIT, || {
        let (recorded, gaps) = of_run(stage, run);
        Ok(match difference(&recorded, logged, &[]) {
            None if gaps.is_empty() => Poll::Done(()),
            None => Poll::NotYet(format!("{gaps:#?}")),
            Some(difference) => Poll::NotYet(format!(
                "{} recorded, {} logged, gaps {gaps:?}: {difference}",
                recorded.len(),
                logged.len(),
            )),
        })
    })
    .unwrap();
}

#[test]
fn nothing_is_missing_of_a_page_s_last_moments() {
    let mut stage = Stage::open(demo().unwrap(), "login=auto&autodial=off").unwrap();
    let mut late = 0;
    for keeps in [false, true] {
        if keeps {
            stage.panel.click("Preserve log").unwrap();
        }
        for way in Way::ALL {
            if way.is_cached() {
                stage.go(way.parameters()).unwrap();
            }
            let mut checked = 0;
            for round in 0..ROUNDS {
                let run = format!("{way:?}-{keeps}-{round}");
                if way.is_cached() {
                    keep_talking(&stage.pages.widget).unwrap();
                }
                talk_and_leave(&stage.pages, &run, &leaving(&stage, way, &run)).unwrap();
                arrive(&mut stage, way);
                let logged = logs(&stage, way, &run);
                let mut pages = [&stage.pages.host, &stage.pages.widget].into_iter();
                if !pages.all(|page| heard_that_it_leaves(page, &run).unwrap()) {
                    eprintln!("{run}: the machine is so busy that Chrome has ended the page");
                    continue;
                }
                checked += 1;
                if way.is_cached() {
                    late += heard_after_leaving(&stage.pages.host, &run).unwrap();
                }
                if keeps {
                    check(&stage, &run, &logged);
                    continue;
                }
                // Shown once everything has arrived.
                wait_for(&format!("the page before, {run}"), LIMIT, || {
                    let show = json!({ "do": "show-parked" });
                    stage.panel.perform(&show)?;
                    let (recorded, gaps) = of_run(&stage, &run);
                    let difference = difference(&recorded, &logged, &[]);
                    stage.panel.perform(&json!({ "do": "back-to-live" }))?;
                    Ok(match difference {
                        None if gaps.is_empty() => Poll::Done(()),
                        difference => Poll::NotYet(format!(
                            "{} recorded, {} logged, gaps {gaps:?}: {difference:?}; {}",
                            recorded.len(),
                            logged.len(),
                            stored(&stage),
                        )),
                    })
                })
                .unwrap();
            }
            assert!(checked > 0, "{way:?}: Chrome has ended every page");
        }
    }
    assert!(
        late > 0,
        "no page received anything on its way into the cache"
    );
}

/// Chrome stops a worker that has been idle for half a minute, and what a page sends while it is
/// unloaded does not reach one that has to be started first. By then the page's session has been
/// stored.
#[test]
fn a_page_that_goes_while_the_worker_sleeps_is_kept() {
    for way in [Way::OtherSite, Way::SameSite, Way::Reload] {
        let mut stage = Stage::open(demo().unwrap(), "login=auto&autodial=off").unwrap();
        let logged = stage.pages.traffic().unwrap();
        stage.panel.wait_for_same(&stage.pages).unwrap();
        wait_for("the session to be kept", LIMIT, || {
            let stored = stored(&stage);
            Ok(Poll::at(stored.contains(AHEAD_PREFIX), stored))
        })
        .unwrap();
        stage.browser.kill_service_worker().unwrap();
        let run = format!("{way:?}-asleep");
        leave(&stage, way, &run);
        arrive(&mut stage, way);
        let mut gaps = Vec::new();
        let has_all = |recorded: &[Recorded]| difference(recorded, &logged, &[]).is_none();
        wait_for(&format!("the page before, {run}"), LIMIT, || {
            let show = json!({ "do": "show-parked" });
            stage.panel.perform(&show)?;
            let imported = stage.panel.shown()?.imported;
            let recorded = stage.panel.recorded()?;
            gaps = stage.panel.lines("gap")?;
            stage.panel.perform(&json!({ "do": "back-to-live" }))?;
            let seen = format!("{} recorded, {}", recorded.len(), stored(&stage));
            Ok(Poll::at(imported.is_some() && has_all(&recorded), seen))
        })
        .unwrap();
        // If the worker did not start in time, it is unknown that nothing came afterwards.
        let unknown = |gap: &Value| gap["why"] == "page left" && gap["lost"].is_null();
        assert!(gaps.len() <= 1 && gaps.iter().all(unknown), "{gaps:#?}");
    }
}
