//! The `callscope` program; its code is in the library beside this file.

fn main() -> std::process::ExitCode {
    callscope_cli::main()
}
