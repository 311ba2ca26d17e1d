//! `cargo xtask npm`: the SDK for JavaScript, as an npm package.
//!
//! `dist/npm/` has a tarball, and next to it the folder that it was made from. The package exports
//! the same as `@hubspot/calling-extensions-sdk`, so that a project can use either.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, Result, bail};
use serde_json::json;

use crate::dist::lowered::{self, Script};
use crate::dist::output::Output;
use crate::dist::{notices, output};
use crate::process;
use crate::setup::{self, NodeTools};
use crate::step::step;
use crate::workspace::Workspace;

mod catalogue;
mod types;

/// Builds the SDK for JavaScript: dist/npm/callscope-sdk-VERSION.tgz.
///
/// Fails if the script is over budget, or if its types do not fit the way HubSpot's demos use them.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// A clone of HubSpot/calling-extensions-sdk: its React demo must compile with the types too.
    #[arg(long, value_name = "CLONE")]
    demos: Option<PathBuf>,
}

/// The package's name.
const NAME: &str = "callscope-sdk";

/// The most bytes of the script, compressed with gzip; the original has 3,400.
const BUDGET: u64 = 25_000;

const SCRIPT: Script = Script {
    package: "callscope-sdk-web",
    library: "callscope_sdk_web",
    file: "main.js",
    unless: None,
};

/// The bundle's exports.
const ENTRY: &str = "export * from './sdk.js';\nexport { default } from './sdk.js';\n";

/// For browsers of the last few years.
const ESBUILD: &[&str] = &[
    "--bundle",
    "--minify",
    "--target=es2022",
    "--legal-comments=none",
    "--log-level=warning",
];

/// Does the setup that building needs, then builds.
///
/// # Errors
///
/// Fails with a next step if a tool is missing, the code does not build, or the result is too large.
pub(crate) fn run(args: &Args) -> Result<()> {
    let workspace = Workspace::find()?;
    let tarball = build(&workspace)?;
    if let Some(clone) = &args.demos {
        step("Types, with HubSpot's demo", |_| {
            check_demo_types(&workspace, clone)
        })?;
    }
    eprintln!("\nPackage  {}", tarball.display());
    Ok(())
}

/// Builds the package; returns the path of its file.
///
/// # Errors
///
/// As for [`run`].
pub(crate) fn build(workspace: &Workspace) -> Result<PathBuf> {
    setup::wasm_target(workspace)?;
    let tools = NodeTools::install(workspace)?;
    let _lock = output::lock(workspace)?;
    let folder = folder(workspace);
    let staged = bundle(workspace, &tools)?;
    step("dist/npm/package", |remark| {
        let written = files(workspace, &staged)?.write_to(&folder)?;
        *remark = format!("{written} files changed");
        Ok(())
    })?;
    step("Size", |remark| {
        let size = gzipped(&folder.join("dist/main.js"))?;
        *remark = format!("{size} bytes of {BUDGET} with gzip");
        if size > BUDGET {
            bail!("dist/main.js has {size} bytes with gzip, and may have {BUDGET}");
        }
        Ok(())
    })?;
    step("Types", |_| check_types(workspace, &tools))?;
    step("Pack", |_| pack(workspace, &folder))
}

/// The path of the package's script for a `script` element, once it is built.
pub(crate) fn script(workspace: &Workspace) -> PathBuf {
    folder(workspace).join("dist/main.js")
}

/// The folder of the package before it is packed.
pub(crate) fn folder(workspace: &Workspace) -> PathBuf {
    workspace.dist().join("npm/package")
}

fn sources(workspace: &Workspace) -> PathBuf {
    workspace.root.join("crates/sdk-web")
}

/// Builds both forms of the script in a build folder.
fn bundle(workspace: &Workspace, tools: &NodeTools) -> Result<PathBuf> {
    let js = sources(workspace).join("js");
    let read = |file: &str| {
        let file = js.join(file);
        fs::read_to_string(&file).with_context(|| format!("cannot read {}", file.display()))
    };
    let modules = [
        ("sdk.js", read("sdk.js")?),
        ("constants.js", read("constants.js")?),
        ("catalogue.js", catalogue::script(&workspace.version)),
    ];
    let recipe = modules.iter().map(|(_, text)| text.as_str());
    let recipe: String = recipe.chain([include_str!("npm.rs")]).collect();
    lowered::build_modules(workspace, tools, SCRIPT, &recipe, |folder| {
        for (name, text) in &modules {
            let file = folder.join(name);
            fs::write(&file, text).with_context(|| format!("cannot write {}", file.display()))?;
        }
        let entry = lowered::entry(SCRIPT.library, folder)? + ENTRY;
        fs::write(folder.join("entry.js"), entry).context("cannot write entry.js")?;
        for (format, file) in [("esm", "main.mjs"), ("cjs", "main.cjs")] {
            process::run_quietly(
                tools
                    .esbuild()
                    .arg(folder.join("entry.js"))
                    .args(ESBUILD)
                    .arg(format!("--format={format}"))
                    .arg(format!("--outfile={}", folder.join(file).display())),
            )?;
        }
        let script = folder.join("main.cjs");
        let script = fs::read_to_string(&script)
            .with_context(|| format!("cannot read {}", script.display()))?;
        fs::write(folder.join("main.js"), universal(&script)).context("cannot write main.js")
    })
}

/// Turns a Node module into one that a `script` element accepts as well, where its exports become
/// globals, including `window.default`, like the original's.
fn universal(script: &str) -> String {
    format!(
        "(function(root,make){{\
         if(typeof exports==='object'&&typeof module==='object')module.exports=make();\
         else if(typeof define==='function'&&define.amd)define([],make);\
         else{{var all=make();for(var name in all)root[name]=all[name];}}\
         }})(typeof self==='undefined'?this:self,function(){{\
         var module={{exports:{{}}}},exports=module.exports;\n{script}return module.exports;}});\n"
    )
}

fn files(workspace: &Workspace, staged: &Path) -> Result<Output> {
    let mut output = Output::default();
    for file in ["main.js", "main.mjs"] {
        let built = staged.join(file);
        let script =
            fs::read(&built).with_context(|| format!("cannot read {}", built.display()))?;
        output.add(format!("dist/{file}"), script);
    }
    output.add("dist/types/index.d.ts", types::text());
    let readme = sources(workspace).join("npm/README.md");
    let readme = fs::read(&readme).with_context(|| format!("cannot read {}", readme.display()))?;
    output.add("README.md", readme);
    output.add("package.json", manifest(workspace)?);
    output.add_all("licenses", notices::files(workspace, &[&notices::SDK])?);
    Ok(output)
}

fn manifest(workspace: &Workspace) -> Result<String> {
    let manifest = json!({
        "name": NAME,
        "version": workspace.version,
        "description": "The Calling Extensions SDK, both ends, without its pitfalls: takes the place of @hubspot/calling-extensions-sdk.",
        "license": "MIT OR Apache-2.0",
        "main": "./dist/main.js",
        "module": "./dist/main.mjs",
        "types": "./dist/types/index.d.ts",
        "exports": {
            ".": {
                "types": "./dist/types/index.d.ts",
                "import": "./dist/main.mjs",
                "default": "./dist/main.js",
            },
            "./dist/main.js": "./dist/main.js",
            "./package.json": "./package.json",
        },
        "files": ["dist", "licenses"],
    });
    Ok(serde_json::to_string_pretty(&manifest)? + "\n")
}

fn gzipped(file: &Path) -> Result<u64> {
    let script = "process.stdout.write(String(require('node:zlib')\
                  .gzipSync(require('node:fs').readFileSync(process.argv[1]),{level:9}).length))";
    let size = process::run_quietly(Command::new("node").args(["--eval", script]).arg(file))?;
    size.trim().parse().context("node told no size")
}

/// Compiles `crates/sdk-web/npm/check` with the package, both under its own name and under the
/// original's.
fn check_types(workspace: &Workspace, tools: &NodeTools) -> Result<()> {
    let check = sources(workspace).join("npm/check");
    compile_types(workspace, tools, &[format!("{}/*.ts", check.display())])
}

/// Compiles HubSpot's React demo with this package in place of the original.
fn check_demo_types(workspace: &Workspace, clone: &Path) -> Result<()> {
    let tools = NodeTools::install(workspace)?;
    let demo = clone.join("demos/demo-react-ts/src/hooks/useCti.ts");
    let demo = fs::canonicalize(&demo).with_context(|| {
        let demo = demo.display();
        format!("there is no {demo}: is that a clone of HubSpot/calling-extensions-sdk?")
    })?;
    let ambient = sources(workspace).join("npm/check-demos/ambient.d.ts");
    let files = [demo, ambient].map(|it| it.display().to_string());
    compile_types(workspace, &tools, &files)
}

fn compile_types(workspace: &Workspace, tools: &NodeTools, files: &[String]) -> Result<()> {
    let types = folder(workspace).join("dist/types/index.d.ts");
    let types = types.display().to_string();
    let config = workspace.target.join("lowered/check-types.json");
    let settings = json!({
        "compilerOptions": {
            "noEmit": true,
            "strict": true,
            "target": "es2020",
            "lib": ["es2020", "dom"],
            "module": "esnext",
            "moduleResolution": "bundler",
            "types": [],
            "paths": {
                NAME: [&types],
                "@hubspot/calling-extensions-sdk": [&types],
            },
        },
        "include": files,
    });
    fs::write(&config, settings.to_string())
        .with_context(|| format!("cannot write {}", config.display()))?;
    process::run_quietly(tools.typescript().arg("--project").arg(&config)).map(drop)
}

/// Packs with `npm pack`, which decides what belongs in a package.
fn pack(workspace: &Workspace, folder: &Path) -> Result<PathBuf> {
    let into = workspace.dist().join("npm");
    let npm = process::find_on_path("npm")
        .or_else(|| process::find_on_path("npm.cmd"))
        .context("npm was not found on PATH; it comes with Node.js")?;
    let name = process::run_quietly(
        Command::new(npm)
            .args(["pack", "--silent", "--ignore-scripts", "--pack-destination"])
            .arg(&into)
            .current_dir(folder),
    )?;
    Ok(into.join(name.trim()))
}
