//! `seatcast accuracy`: filed forecasts against the rolls that have come in since.

use seatcast::{AccuracySession, Lang, report::Options};

use crate::{
    End,
    args::{AccuracyOptions, Format},
    choices::reading,
    messages::{refuse, warn},
    output::Output,
    streams::{print_as, print_results},
};

pub(crate) fn accuracy(options: &AccuracyOptions) -> anyhow::Result<End> {
    let lang = Lang::from(options.shared.lang);
    let loaded = match seatcast::load_as(&options.path, &reading(None, options.reading)) {
        Ok(loaded) => loaded,
        Err(invalid) => {
            refuse(&[invalid], None, options.shared)?;
            return Ok(End::InputWrong);
        }
    };
    let opened = |out| Output::open(out, Some(&options.path), None, options.shared);
    let out = options.out.as_deref().map(opened).transpose();
    let read_as = reading(None, options.reading);
    let (ledger, out) = match (AccuracySession::new(&options.path, &read_as, &loaded), out) {
        (Ok(ledger), Ok(out)) => (ledger, out),
        (ledger, out) => {
            let invalid: Vec<_> = ledger.err().into_iter().collect();
            refuse(&invalid, out.err().as_ref(), options.shared)?;
            return Ok(End::InputWrong);
        }
    };
    warn(ledger.problems(), options.shared);
    let written_as = Options { lang, bom: !options.tables.no_bom, charts: false };
    let mut names = Vec::new();
    let folder = out.as_ref().map(Output::shown);
    if let Some(out) = out {
        let files = ledger.files(written_as);
        names = files.iter().map(|(name, _)| name.clone()).collect();
        if out.write(&files, Vec::new())?.is_none() {
            return Ok(End::InputWrong);
        }
    }
    let text = match options.shared.format {
        Format::Text => ledger.text(lang, folder.as_deref()),
        Format::Json => ledger.summary_json(lang, &names),
    };
    match &options.out {
        Some(folder) => print_results(options.shared.format, &text, folder)?,
        None => print_as(options.shared.format, &text)?,
    }
    Ok(End::Done)
}
