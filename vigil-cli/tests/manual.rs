//! What is said of the program: its help, its manual, its completions, its page. They say the same.

#![allow(
    clippy::unwrap_used,
    reason = "an unwrap that fails is a test that fails"
)]

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::process::{Command, Output, Stdio};

fn run(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_vigil"))
        .args(arguments)
        .env_clear()
        .stdin(Stdio::null())
        .output()
        .unwrap()
}

fn printed(arguments: &[&str]) -> String {
    let output = run(arguments);
    assert!(output.status.success(), "{arguments:?}: {output:?}");
    String::from_utf8(output.stdout).unwrap()
}

fn commands() -> Vec<String> {
    commands_in(&printed(&["--help"]))
}

/// Those that help lists; none if there are none.
fn commands_in(help: &str) -> Vec<String> {
    let (_, list) = help.split_once("Commands:\n").unwrap_or_default();
    let names = list.lines().take_while(|line| !line.trim().is_empty());
    // What is described over several lines is indented further.
    names
        .filter(|line| line.starts_with("  ") && !line.starts_with("   "))
        .map(|line| line.split_whitespace().next().unwrap().to_owned())
        .filter(|name| name != "help")
        .collect()
}

fn page() -> &'static str {
    include_str!("../../vigil/docs/cli.md")
}

/// What the page says of a command.
fn section(command: &str) -> &'static str {
    let title = format!("\n## `vigil {command}`\n");
    let (_, rest) = page()
        .split_once(title.as_str())
        .unwrap_or_else(|| panic!("cli.md has nothing of {command}"));
    rest.split("\n## ").next().unwrap()
}

fn options(text: &str) -> BTreeSet<String> {
    text.split(|c: char| !c.is_ascii_lowercase() && c != '-')
        .filter(|word| word.len() > 3 && word.starts_with("--") && !word.starts_with("---"))
        .map(str::to_owned)
        .filter(|word| !matches!(word.as_str(), "--help" | "--version"))
        .collect()
}

/// Where help lists it, and not where it speaks of it.
fn listed_in(help: &str) -> BTreeSet<String> {
    let lines = help.lines().map(str::trim_start);
    let lists = lines.filter(|line| line.starts_with("--") || line.starts_with('-'));
    lists
        .flat_map(|line| options(line.split("  ").next().unwrap_or_default()))
        .collect()
}

#[test]
fn the_page_tells_of_each_command_its_options_and_exit_codes() {
    let commands = commands();
    assert!(commands.len() >= 14, "{commands:?}");
    for command in &commands {
        let help = printed(&[command, "--help"]);
        let text = section(command);
        let (mut listed, told) = (listed_in(&help), options(text));
        for of_command in commands_in(&help) {
            listed.extend(listed_in(&printed(&[command, &of_command, "--help"])));
        }
        let untold: Vec<_> = listed.difference(&told).collect();
        assert!(
            untold.is_empty(),
            "{command}: cli.md does not tell of {untold:?}"
        );
        let unknown: Vec<_> = told.difference(&listed).collect();
        assert!(unknown.is_empty(), "{command}: cli.md tells of {unknown:?}");
        let help = help.split_whitespace().collect::<Vec<_>>().join(" ");
        let (_, codes) = help
            .split_once("Exit codes: ")
            .unwrap_or_else(|| panic!("{command} --help says no exit codes"));
        for code in 0..=3 {
            let row = text.contains(&format!("\n| {code} | "));
            let said = format!(" {codes}").contains(&format!(" {code} "));
            assert_eq!(row, said, "{command}: exit code {code}");
        }
    }
    let titles = page().matches("\n## `vigil ").count();
    assert_eq!(titles, commands.len());
}

#[test]
fn each_command_ends_with_2_at_what_it_does_not_know() {
    for command in commands() {
        let output = run(&[&command, "--no-such-option"]);
        assert_eq!(output.status.code(), Some(2), "{command}");
        let said = String::from_utf8(output.stderr).unwrap();
        assert!(said.contains("'--no-such-option'"), "{command}: {said}");
    }
    let none = "/no/such/trail";
    for command in [
        "verify",
        "cat",
        "tail",
        "stats",
        "checkpoint",
        "recover",
        "seal",
    ] {
        ends_with_2(&[command, none]);
    }
    let within = [
        &["prove", "17", "--trail", none][..],
        &["export-tlog", "tiles", "--trail", none],
        &["anchor", none, "--to", "copy:."],
        &["keys", "list", none],
        &["keys", "public", none],
        &["keys", "rotate", none],
        &["retention", "plan", none, "--age", "1y"],
        &["retention", "apply", none, "--age", "1y", "--yes"],
        &["hold", "list", none],
        &["hold", "add", none, "--reason", "a case"],
        &["hold", "remove", "h-1", none],
    ];
    for arguments in within {
        ends_with_2(arguments);
    }
}

#[track_caller]
fn ends_with_2(arguments: &[&str]) {
    let output = run(arguments);
    let said = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(2), "{arguments:?}: {said}");
    assert!(said.contains("/no/such/trail"), "{arguments:?}: {said}");
}

#[test]
fn each_shell_gets_completions_for_each_command() {
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        let script = printed(&["completions", shell]);
        for command in commands() {
            assert!(script.contains(&command), "{shell}: {command}");
        }
        assert!(script.contains("evidence-copy"), "{shell}");
    }
    let dir = tempfile::tempdir().unwrap();
    let script = dir.path().join("vigil");
    fs::write(&script, printed(&["completions", "bash"])).unwrap();
    let asked = format!(
        ". '{}'; COMP_WORDS=(vigil ver); COMP_CWORD=1; _vigil vigil ver vigil; echo \"${{COMPREPLY[@]}}\"",
        script.display()
    );
    match Command::new("bash").args(["-c", &asked]).output() {
        Ok(output) => assert_eq!(output.stdout, b"verify\n", "{output:?}"),
        Err(error) => vigil_tests::skip("what bash makes of its completions", &error.to_string()),
    }
}

#[test]
fn the_manual_has_a_page_for_each_command_which_can_be_set() {
    let dir = tempfile::tempdir().unwrap();
    let into = dir.path().join("man1");
    printed(&["man", into.to_str().unwrap()]);
    let mut expected: BTreeSet<String> = commands()
        .iter()
        .map(|command| format!("vigil-{command}.1"))
        .collect();
    expected.extend(["vigil.1", "vigil-keys-list.1", "vigil-keys-public.1"].map(str::to_owned));
    let found: BTreeSet<String> = fs::read_dir(&into)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    assert!(expected.is_subset(&found), "{expected:?} {found:?}");
    assert_eq!(
        printed(&["man"]),
        fs::read_to_string(into.join("vigil.1")).unwrap()
    );
    for name in &found {
        set(&into.join(name));
    }
}

/// What stands on a page when it is set: by man and by mandoc, as far as they are here.
fn set(path: &Path) {
    let mut was_set = false;
    let path = path.to_str().unwrap();
    let tools: [&[&str]; 3] = [
        &["mandoc", "-T", "utf8", "-W", "error", path],
        &["groff", "-man", "-T", "utf8", "-ww", "-z", path],
        &["man", "-l", path],
    ];
    for tool in tools {
        let made = Command::new(tool[0])
            .args(&tool[1..])
            .env("MANPAGER", "cat")
            .env("MANWIDTH", "100")
            .output();
        let Ok(output) = made else { continue };
        assert!(output.status.success(), "{tool:?}: {output:?}");
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(!said.contains("warning"), "{tool:?}: {said}");
        if tool[0] != "groff" {
            let text = String::from_utf8_lossy(&output.stdout);
            // Where there is only a stand-in for man, it sets nothing.
            was_set |= text.contains("SYNOPSIS");
        } else {
            was_set = true;
        }
    }
    if !was_set {
        vigil_tests::skip(
            "setting the pages of the manual",
            "neither mandoc nor groff is here",
        );
    }
}
