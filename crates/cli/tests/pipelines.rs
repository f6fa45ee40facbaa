//! Bad pipelines: one clear error each, before anything runs.
#![expect(clippy::unwrap_used, reason = "a test may panic")]

use cli::pipeline::load;
use std::path::Path;

/// The problems of a pipeline drawn as text.
fn problems(text: &str) -> Vec<String> {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("script.sh"), "true").unwrap();
    let file = folder.path().join("drawn.toml");
    std::fs::write(&file, text).unwrap();
    match load(&file) {
        Ok(_) => Vec::new(),
        Err(problems) => {
            let here = folder
                .path()
                .canonicalize()
                .unwrap()
                .to_string_lossy()
                .into_owned();
            problems
                .iter()
                .map(|problem| problem.to_string().replace(&here, "HERE"))
                .collect()
        }
    }
}

fn steps(steps: &[&str]) -> String {
    let step = |fields: &&str| format!("[[step]]\n{}\n", fields.replace("; ", "\n"));
    steps.iter().map(step).collect()
}

#[test]
fn each_problem_is_named_with_its_step_and_a_hint() {
    for (drawn, want) in [
        (
            steps(&[
                "name='a'; run='true'; needs=['b']",
                "name='b'; run='true'; needs=['a']",
            ]),
            "step `a`: the steps wait for each other in a cycle: a -> b -> a. Remove one of these needs",
        ),
        (
            steps(&[
                "name='z'; run='true'; needs=['a']",
                "name='a'; run='true'; needs=['b']",
                "name='b'; run='true'; needs=['c']",
                "name='c'; run='true'; needs=['a']",
            ]),
            "step `a`: the steps wait for each other in a cycle: a -> b -> c -> a. Remove one of these needs",
        ),
        (
            steps(&["name='a'; run='true'; needs='a'"]),
            "step `a`: the steps wait for each other in a cycle: a -> a. Remove one of these needs",
        ),
        (
            steps(&[
                "name='compile'; run='true'",
                "name='b'; run='true'; needs=['compil']",
            ]),
            "step `b`: it needs `compil`, which is no step. Did you mean `compile`?",
        ),
        (
            steps(&["name='a'; run='true'; needs=['elsewhere']"]),
            "step `a`: it needs `elsewhere`, which is no step. Name a step of this pipeline",
        ),
        (
            steps(&["name='a'; run='true'", "name='a'; run='true'"]),
            "step `a`: there are two steps of this name. Rename one of them",
        ),
        (
            steps(&["name='workflow'; run='true'"]),
            "step `workflow`: this name is kept for the run as a whole. Give the step another one",
        ),
        (
            steps(&["name='a'"]),
            "step `a`: it has no command. Give it `run`: text for the shell, or a list of a program and its arguments",
        ),
        (
            steps(&["name='a'; run='  '"]),
            "step `a`: it has no command. Give it `run`: text for the shell, or a list of a program and its arguments",
        ),
        (
            steps(&["name='a'; run=['no-such-program-7', 'x']"]),
            "step `a`: its command `no-such-program-7` cannot be run: it is not on PATH. Install it, or correct `run`",
        ),
        (
            steps(&["name='a'; run='no-such-program-7 x'"]),
            "step `a`: its command `no-such-program-7` cannot be run: it is not on PATH. Install it, or correct `run`",
        ),
        (
            steps(&["name='a'; run=['./gone.sh']"]),
            "step `a`: its command `./gone.sh` cannot be run: there is no file HERE/./gone.sh. Install it, or correct `run`",
        ),
        (
            steps(&["name='a'; run=['./script.sh']"]),
            "step `a`: its command `./script.sh` cannot be run: HERE/./script.sh is not executable (chmod +x). Install it, or correct `run`",
        ),
        (
            steps(&["name='a'; run='true'; shell=['no-such-shell', '-c']"]),
            "step `a`: its command `no-such-shell` cannot be run: it is not on PATH. Install it, or correct `run`",
        ),
        (
            steps(&["name='a'; run='true'; cwd='gone'"]),
            "step `a`: its `cwd` HERE/gone is not a folder. Make it, or leave `cwd` out: then it runs in a fresh folder",
        ),
        (
            steps(&["name='a'; run='true'; timeout='soon'"]),
            "step `a`: `timeout` must be a duration as \"500ms\", \"10s\", \"1m30s\" or \"2h\", got \"soon\"",
        ),
        (
            steps(&["name='a'; run='true'; retries=-1"]),
            "step `a`: `retries` must be a whole number from 0, got -1",
        ),
        (
            steps(&["name='a'; run='true'; retires=1"]),
            "step `a`: unknown key `retires`. Did you mean `retries`?",
        ),
        (
            steps(&["name='a'; run='true'; join='some'"]),
            "step `a`: `join` is \"some\". It must be one of `all`, `any`, `first`",
        ),
        (
            steps(&["name='a'; run='true'; artifacts=['a/***']"]),
            "step `a`: `artifacts` holds \"a/***\", which is not a path or glob: wildcards are either regular `*` or recursive `**`",
        ),
        (
            steps(&["name='a'; run='true'; levels={loud='x'}"]),
            "step `a`: unknown key `levels.loud`. Known here: error, warn, info, debug, trace",
        ),
        (
            steps(&["name='a'; run='true'; container={}"]),
            "step `a`: `container` has no image. Give it `image`, as \"debian:stable-slim\"",
        ),
        (
            steps(&["run='true'"]),
            "step 1 has no name. Give it a text `name`; the others need it by that",
        ),
        (
            "name='x'".to_owned(),
            "the pipeline has no steps. Add at least one [[step]] with a name and a run",
        ),
        (
            format!("max_paralel=2\n{}", steps(&["name='a'; run='true'"])),
            "unknown key `max_paralel`. Did you mean `max_parallel`?",
        ),
    ] {
        assert_eq!(problems(&drawn), [want], "{drawn}");
    }
}

#[test]
fn a_bad_pattern_is_shown() {
    let found = problems(&steps(&["name='a'; run='true'; progress='(\\d+/'"]));
    assert_eq!(found.len(), 1);
    assert!(
        found[0].starts_with(
            "step `a`: `progress` is not a regular expression: \"(\\\\d+/\": unclosed group"
        ),
        "{}",
        found[0]
    );
}

#[test]
fn broken_toml_names_its_line() {
    let found = problems("[[step]]\nname = \n");
    assert!(
        found[0].starts_with("this is not TOML: TOML parse error at line 2"),
        "{}",
        found[0]
    );
}

#[test]
fn a_missing_file_is_told() {
    let found = load(Path::new("gone.toml")).unwrap_err();
    assert!(
        found[0]
            .to_string()
            .starts_with("cannot read the pipeline: "),
        "{}",
        found[0]
    );
}

#[test]
fn sound_pipelines_pass() {
    for drawn in [
        steps(&["name='a'; run='true'"]),
        steps(&["name='a'; run='''for x in 1 2; do echo $x; done'''"]),
        steps(&["name='a'; run='./made-by-a-step-before'"]),
        steps(&["name='a'; run='no-such-program-7'; container='image'"]),
        steps(&[
            "name='a'; run='true'",
            "name='b'; run='true'; needs=['a', 'a']",
        ]),
    ] {
        assert_eq!(problems(&drawn), Vec::<String>::new(), "{drawn}");
    }
}

#[test]
fn a_chain_of_ten_thousand_is_no_trouble() {
    let step = |at: usize| match at {
        0 => "name='0'; run=['true']".to_owned(),
        at => format!("name='{at}'; run=['true']; needs=['{}']", at - 1),
    };
    let drawn: Vec<String> = (0..10_000).rev().map(step).collect();
    let drawn: Vec<&str> = drawn.iter().map(String::as_str).collect();
    assert_eq!(problems(&steps(&drawn)), Vec::<String>::new());
}

#[test]
fn the_examples_are_sound() {
    let examples = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples");
    let mut seen = 0;
    for entry in std::fs::read_dir(examples).unwrap() {
        let path = entry.unwrap().path();
        if path
            .extension()
            .is_some_and(|extension| extension == "toml")
        {
            seen += 1;
            assert!(
                load(&path).is_ok(),
                "{}: {:?}",
                path.display(),
                load(&path).err()
            );
        }
    }
    assert!(seen >= 3);
}
