use expect_test::expect;

use super::*;

const PAGE: &str = "http://localhost:9300";

fn said(url: &str, page: &str, fetched: &Result<Fetched, FetchFailure>) -> String {
    let lines = check_widget(url, page, fetched).into_iter().map(|it| {
        let mark = if it.blocks { "x" } else { "i" };
        format!("  {mark} {} → {}\n", it.what, it.fix)
    });
    lines.collect::<Vec<_>>().concat()
}

#[expect(clippy::unnecessary_wraps, reason = "check_widget takes a result")]
fn answered(url: &str, status: u16, headers: &[(&str, &str)]) -> Result<Fetched, FetchFailure> {
    let headers = headers
        .iter()
        .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
    Ok(Fetched {
        url: url.to_owned(),
        status,
        headers: headers.collect(),
    })
}

#[test]
#[expect(clippy::too_many_lines, reason = "a table of cases")]
fn what_keeps_a_widget_out_is_said_with_what_to_change() {
    const URL: &str = "https://dialer.example/widget";
    let csp = "Content-Security-Policy";
    let cases = [
        (
            "in order",
            answered(URL, 200, &[("Content-Type", "text/html; charset=utf-8")]),
        ),
        (
            "x-frame-options",
            answered(URL, 200, &[("x-frame-options", "DENY")]),
        ),
        (
            "same origin",
            answered(URL, 200, &[("X-Frame-Options", "sameorigin")]),
        ),
        (
            "HubSpot only",
            answered(
                URL,
                200,
                &[(
                    csp,
                    "default-src 'self'; frame-ancestors https://*.hubspot.com",
                )],
            ),
        ),
        (
            "ancestors win",
            answered(
                URL,
                200,
                &[
                    ("X-Frame-Options", "DENY"),
                    (
                        csp,
                        "frame-ancestors https://*.hubspot.com http://localhost:*",
                    ),
                ],
            ),
        ),
        (
            "nobody",
            answered(URL, 200, &[(csp, "frame-ancestors 'none'")]),
        ),
        (
            "this page only",
            answered(URL, 200, &[(csp, "frame-ancestors http://localhost:9300")]),
        ),
        (
            "everybody",
            answered(URL, 200, &[(csp, "frame-ancestors *")]),
        ),
        (
            "sandboxed",
            answered(URL, 200, &[(csp, "sandbox allow-scripts")]),
        ),
        (
            "no page",
            answered(URL, 200, &[("Content-Type", "application/json")]),
        ),
        (
            "not found",
            answered(URL, 404, &[("Content-Type", "text/plain")]),
        ),
        ("log-in", answered(URL, 401, &[])),
        ("failed", answered(URL, 502, &[])),
        ("nothing", answered(URL, 204, &[])),
        (
            "moved",
            answered("https://www.dialer.example/widget", 200, &[]),
        ),
        ("no host", Err(FetchFailure::NoHost)),
        ("refused", Err(FetchFailure::Refused)),
        ("silent", Err(FetchFailure::TimedOut)),
        (
            "certificate",
            Err(FetchFailure::Certificate {
                reason: "it is for another name".to_owned(),
            }),
        ),
        ("in circles", Err(FetchFailure::Redirects)),
        ("extension", Err(FetchFailure::NotAllowed)),
        (
            "browser",
            Err(FetchFailure::Unknown {
                reason: "Failed to fetch".to_owned(),
            }),
        ),
    ];
    let mut said_of: Vec<String> = cases
        .iter()
        .map(|(name, fetched)| format!("{name}\n{}", said(URL, PAGE, fetched)))
        .collect();
    let page = answered("http://localhost:3000/", 200, &[]);
    said_of.push(format!(
        "http here\n{}",
        said("http://localhost:3000/", PAGE, &page)
    ));
    let elsewhere = Err(FetchFailure::Certificate {
        reason: "it has expired".to_owned(),
    });
    said_of.push(format!(
        "http to https\n{}",
        said("http://localhost:3000/", PAGE, &elsewhere)
    ));
    let page = answered("http://dialer.example/", 200, &[]);
    said_of.push(format!(
        "http\n{}",
        said("http://dialer.example/", PAGE, &page)
    ));
    said_of.push(format!(
        "http in https\n{}",
        said("http://dialer.example/", HUBSPOT, &page)
    ));
    let page = answered(URL, 200, &[(csp, "frame-ancestors https://*.hubspot.com")]);
    said_of.push(format!("as HubSpot\n{}", said(URL, HUBSPOT, &page)));
    expect![[r#"
        in order
        x-frame-options
          x The widget's server sends X-Frame-Options: DENY. The browser shows it in no other site's page, HubSpot's neither. → Leave X-Frame-Options out for the widget's page, and send Content-Security-Policy: frame-ancestors https://*.hubspot.com http://localhost:*
        same origin
          x The widget's server sends X-Frame-Options: sameorigin. The browser shows it in no other site's page, HubSpot's neither. → Leave X-Frame-Options out for the widget's page, and send Content-Security-Policy: frame-ancestors https://*.hubspot.com http://localhost:*
        HubSpot only
          x The widget's Content-Security-Policy allows frame-ancestors https://*.hubspot.com: HubSpot, but not this page, http://localhost:9300. → Start callscope simulate with --as app.hubspot.com, which plays HubSpot under its own name; or add http://localhost:* to frame-ancestors while you develop.
        ancestors win
        nobody
          x The widget's Content-Security-Policy allows frame-ancestors 'none': neither HubSpot nor this page. → Send frame-ancestors https://*.hubspot.com http://localhost:*
        this page only
          i The widget's Content-Security-Policy allows frame-ancestors http://localhost:9300: this page, but not HubSpot. → Add https://*.hubspot.com to frame-ancestors before you go to HubSpot.
        everybody
        sandboxed
          x The widget's Content-Security-Policy has sandbox without allow-same-origin. Its origin is null then, and HubSpot takes no message from that. → Add allow-same-origin, or leave sandbox out.
        no page
          x https://dialer.example/widget is not a page but application/json. → Enter the address of the widget's HTML page.
        not found
          x https://dialer.example/widget answers 404. → Look at the path: many servers need the slash at the end, or have the page elsewhere.
        log-in
          x https://dialer.example/widget answers 401. → The page must be there without a log-in of its server: HubSpot sends no credentials. Log in inside the widget.
        failed
          x https://dialer.example/widget answers 502. → The widget's server has failed; its own log says why.
        nothing
          x https://dialer.example/widget answers 204. → That is not a page: enter the address of the widget's HTML page.
        moved
          x https://dialer.example leads on to https://www.dialer.example. HubSpot addresses SYNC to https://dialer.example, and the browser does not deliver it. → Enter https://www.dialer.example/widget as the widget's address.
        no host
          x There is no host of the name in https://dialer.example. → Look for a spelling mistake; the name of a tunnel changes when it is started anew.
        refused
          x Nothing listens at https://dialer.example. → Start the widget's server, and look whether it has this port.
        silent
          x https://dialer.example does not answer. → Look whether the widget's server hangs, or a firewall or VPN is in between.
        certificate
          x The certificate of https://dialer.example is not trusted: it is for another name. → Make one with mkcert, which the browser trusts; or open the address in a tab of this browser once and accept the warning; or start with --accept-insecure-certs.
        in circles
          x https://dialer.example/widget redirects again and again. → Open it in a tab: a log-in that needs cookies does this in a frame, for they are another site's there.
        extension
          i Callscope may not ask https://dialer.example why it might refuse to be framed. → Allow this origin: the button is beside this message.
        browser
          x https://dialer.example cannot be reached (Failed to fetch). → Open it in a tab: the browser says there what is wrong. Mostly nothing listens there, or the certificate is not trusted.
        http here
          i The widget is served over http. That works on this machine only. → HubSpot itself needs https: give the widget's server a certificate, or put a tunnel in front of it.
          i On HubSpot, Chrome 142 and newer asks its user before it shows a widget of this machine or network (Local Network Access). → Allow it there once; if it was refused, in the browser's settings for HubSpot's site. callscope simulate --as app.hubspot.com --public has the browser ask here, too.
        http to https
          x http://localhost:3000 leads on to an address whose certificate is not trusted: it has expired. → Make one with mkcert, which the browser trusts; or open the address in a tab of this browser once and accept the warning; or start with --accept-insecure-certs.
          i The widget is served over http. That works on this machine only. → HubSpot itself needs https: give the widget's server a certificate, or put a tunnel in front of it.
          i On HubSpot, Chrome 142 and newer asks its user before it shows a widget of this machine or network (Local Network Access). → Allow it there once; if it was refused, in the browser's settings for HubSpot's site. callscope simulate --as app.hubspot.com --public has the browser ask here, too.
        http
          i http://dialer.example/ is not https. HubSpot is, and cannot show it. → Serve the widget over https.
        http in https
          x http://dialer.example/ is not https. The browser does not show an http page in an https page. → Serve the widget over https.
        as HubSpot
    "#]].assert_eq(&said_of.concat());
}

#[test]
fn sources_are_read_as_browsers_read_them() {
    let own = "https://dialer.example";
    for (source, origin, expected) in [
        ("https://*.hubspot.com", "https://app.hubspot.com", true),
        ("https://*.hubspot.com", "https://hubspot.com", false),
        ("https://*.hubspot.com", "https://evilhubspot.com", false),
        ("*.hubspot.com", "https://app-eu1.hubspot.com", true),
        ("*.hubspot.com", "http://app-eu1.hubspot.com", false),
        ("http://*.hubspot.com", "https://app.hubspot.com", true),
        ("https:", "https://app.hubspot.com", true),
        ("https:", "http://localhost:9300", false),
        ("http://localhost:*", "http://localhost:9300", true),
        ("http://localhost", "http://localhost:9300", false),
        (
            "https://app.hubspot.com:443",
            "https://app.hubspot.com",
            true,
        ),
        ("'self'", "https://dialer.example", true),
        ("*", "chrome-extension://abc", false),
        ("chrome-extension:", "chrome-extension://abc", true),
    ] {
        assert_eq!(allows(source, own, origin), expected, "{source} {origin}");
    }
}
