//! The bounds, and what to say about them.

use super::functions::Function;
use super::measure::Measured;

const FILE_LINES: usize = 500;
const FILE_MEDIAN: usize = 120;
const FILE_NINE_IN_TEN: usize = 300;
const FUNCTION_LINES: usize = 80;
const FUNCTION_NINE_IN_TEN: usize = 35;
const FUNCTION_PARAMETERS: usize = 5;

/// How many of the longest the report shows.
const TAIL: usize = 10;

/// Every bound that does not hold, one sentence each.
pub fn faults(files: &[Measured]) -> Vec<String> {
    let mut faults = Vec::new();
    let file_lines: Vec<usize> = files.iter().map(|file| file.lines).collect();
    let function_lines: Vec<usize> = functions(files).map(|(_, function)| function.lines).collect();
    let spread = [
        ("median file", share(&file_lines, 50), FILE_MEDIAN),
        ("file at nine in ten", share(&file_lines, 90), FILE_NINE_IN_TEN),
        ("function at nine in ten", share(&function_lines, 90), FUNCTION_NINE_IN_TEN),
    ];
    for (what, lines, bound) in spread {
        if lines > bound {
            faults.push(format!("the {what} has {lines} lines, {bound} at most"));
        }
    }
    for file in files.iter().filter(|file| file.lines > FILE_LINES) {
        faults.push(format!("{} has {} lines, {FILE_LINES} at most", file.path, file.lines));
    }
    for (place, function) in functions(files) {
        let name = &function.name;
        if function.lines > FUNCTION_LINES {
            faults.push(format!("{place}: fn {name} has {} lines, {FUNCTION_LINES} at most", function.lines));
        }
        if function.parameters > FUNCTION_PARAMETERS {
            let count = function.parameters;
            faults.push(format!("{place}: fn {name} has {count} parameters, {FUNCTION_PARAMETERS} at most"));
        }
    }
    faults
}

/// The spread and the tail.
pub fn report(files: &[Measured]) -> Vec<String> {
    let file_lines: Vec<(usize, String)> = files.iter().map(|file| (file.lines, file.path.clone())).collect();
    let function_lines: Vec<(usize, String)> = functions(files)
        .map(|(place, function)| (function.lines, format!("{place} {}", function.name)))
        .collect();
    [section("files", file_lines), section("functions", function_lines)].concat()
}

fn section(what: &str, mut measured: Vec<(usize, String)>) -> Vec<String> {
    let lines: Vec<usize> = measured.iter().map(|(lines, _)| *lines).collect();
    let headline = format!(
        "{what}: {}, median {} lines, nine in ten up to {}; the longest:",
        lines.len(),
        share(&lines, 50),
        share(&lines, 90)
    );
    measured.sort_by(|one, other| other.0.cmp(&one.0).then_with(|| one.1.cmp(&other.1)));
    let tail = measured.into_iter().take(TAIL).map(|(lines, name)| format!("{lines:6}  {name}"));
    std::iter::once(headline).chain(tail).collect()
}

fn functions(files: &[Measured]) -> impl Iterator<Item = (String, &Function)> {
    files.iter().flat_map(|file| {
        file.functions.iter().map(move |function| (format!("{}:{}", file.path, function.line), function))
    })
}

/// The smallest value that `percent` in a hundred do not exceed (nearest rank); 0 of nothing.
fn share(values: &[usize], percent: usize) -> usize {
    let mut sorted = values.to_vec();
    sorted.sort_unstable();
    let rank = (sorted.len() * percent).div_ceil(100);
    sorted.get(rank.saturating_sub(1)).copied().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(path: &str, lines: usize, functions: &[(usize, usize)]) -> Measured {
        let function = |(lines, parameters): &(usize, usize)| Function {
            name: "run".to_owned(),
            line: 7,
            lines: *lines,
            parameters: *parameters,
        };
        Measured { path: path.to_owned(), lines, functions: functions.iter().map(function).collect() }
    }

    /// Short files with short functions, so that one long one does not move the spread.
    fn crowd() -> Vec<Measured> {
        (0..40).map(|number| file(&format!("src/{number}.rs"), 100, &[(10, 2)])).collect()
    }

    fn faults_with(extra: Measured) -> Vec<String> {
        let mut files = crowd();
        files.push(extra);
        faults(&files)
    }

    #[test]
    fn at_the_bounds_all_is_well() {
        assert_eq!(faults_with(file("src/big.rs", 500, &[(80, 5)])), Vec::<String>::new());
    }

    #[test]
    fn one_over_a_bound_is_a_fault_that_names_the_place() {
        assert_eq!(faults_with(file("src/big.rs", 501, &[])), ["src/big.rs has 501 lines, 500 at most"]);
        let long = faults_with(file("src/big.rs", 90, &[(81, 5)]));
        assert_eq!(long, ["src/big.rs:7: fn run has 81 lines, 80 at most"]);
        let wide = faults_with(file("src/big.rs", 90, &[(80, 6)]));
        assert_eq!(wide, ["src/big.rs:7: fn run has 6 parameters, 5 at most"]);
    }

    #[test]
    fn the_spread_is_bounded_too() {
        let many =
            |lines, function| (0..10).map(|_| file("src/a.rs", lines, &[(function, 0)])).collect::<Vec<_>>();
        assert_eq!(faults(&many(120, 35)), Vec::<String>::new());
        assert_eq!(faults(&many(121, 35)), ["the median file has 121 lines, 120 at most"]);
        assert_eq!(faults(&many(120, 36)), ["the function at nine in ten has 36 lines, 35 at most"]);
        let mut two_in_ten = many(100, 10);
        two_in_ten.extend((0..3).map(|_| file("src/b.rs", 301, &[])));
        assert_eq!(faults(&two_in_ten), ["the file at nine in ten has 301 lines, 300 at most"]);
    }

    #[test]
    fn nearest_rank() {
        let ten: Vec<usize> = (1..=10).rev().collect();
        assert_eq!((share(&ten, 50), share(&ten, 90)), (5, 9));
        assert_eq!((share(&[4], 50), share(&[], 90)), (4, 0));
    }

    #[test]
    fn the_report_shows_the_longest_first() {
        let report = report(&[file("src/a.rs", 3, &[(2, 0)]), file("src/b.rs", 9, &[(5, 0)])]);
        assert_eq!(report[0], "files: 2, median 3 lines, nine in ten up to 9; the longest:");
        assert_eq!(report[1].trim(), "9  src/b.rs");
        assert_eq!(report[4].trim(), "5  src/b.rs:7 run");
    }
}
