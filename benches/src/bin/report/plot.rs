//! The plots: one file a sweep, its time a call against the number that it goes over.

use std::path::Path;

use plotters::chart::ChartBuilder;
use plotters::element::{Circle, PathElement, Text};
use plotters::prelude::{IntoDrawingArea, SVGBackend};
use plotters::series::LineSeries;
use plotters::style::{Color, IntoFont, RGBColor, ShapeStyle, WHITE};

use crate::Result;
use crate::measured::{Time, Times};

/// A sweep, and what its plot says.
#[derive(Debug)]
pub(crate) struct Plot {
    sweep: &'static str,
    title: &'static str,
    /// The number that the sweep goes over, with its unit.
    across: &'static str,
    /// Sides so slow that the others would lie on the axis: drawn in a second plot, with ours.
    slow: &'static [&'static str],
}

pub(crate) const PLOTS: [Plot; 5] = [
    Plot {
        sweep: "message_size",
        title: "Parsing a message of 20 data elements",
        across: "length of the message (bytes)",
        slow: &["iso8583-codec"],
    },
    Plot {
        sweep: "field_count",
        title: "Parsing a message of short data elements",
        across: "data elements",
        slow: &["iso8583-codec"],
    },
    Plot {
        sweep: "tlv_objects",
        title: "Reading records of ten BER-TLV objects",
        across: "objects",
        slow: &["tlv_parser", "emv_tlv_parser"],
    },
    Plot {
        sweep: "counter_bits_aes128",
        title: "AES-128 DUKPT: from the initial key to the PIN key",
        across: "one bits of the counter",
        slow: &[],
    },
    Plot {
        sweep: "counter_bits_tdes",
        title: "TDES DUKPT: from the initial key to the PIN key",
        across: "one bits of the counter",
        slow: &[],
    },
];

/// Told apart by the colour-blind too (Okabe and Ito).
const COLOURS: [RGBColor; 6] = [
    RGBColor(0, 114, 178),
    RGBColor(213, 94, 0),
    RGBColor(0, 158, 115),
    RGBColor(204, 121, 167),
    RGBColor(0, 0, 0),
    RGBColor(230, 159, 0),
];

const SIZE: (u32, u32) = (760, 440);
const FONT: &str = "sans-serif";

/// A side, its colour, and its points.
type Line<'t> = (&'t str, RGBColor, Vec<(u32, Time)>);

impl Plot {
    pub(crate) fn draw(&self, times: &Times, folder: &Path) -> Result<()> {
        let name = format!("sweep/{}", self.sweep);
        let sides = times.sweep(&name);
        if sides.len() < 2 || sides.len() > COLOURS.len() {
            return Err(format!("{name}: {} sides in the criterion run", sides.len()).into());
        }
        let lines: Vec<Line<'_>> = sides
            .into_iter()
            .zip(COLOURS)
            .map(|((side, points), colour)| (side, colour, points))
            .collect();
        let near: Vec<_> = lines.iter().filter(|(side, ..)| !self.slow.contains(side)).collect();
        draw(&folder.join(format!("{}.svg", self.sweep)), self.title, self.across, &near)?;
        if !self.slow.is_empty() {
            let title = format!("{}: all sides", self.title);
            let all: Vec<_> = lines.iter().collect();
            draw(&folder.join(format!("{}_all.svg", self.sweep)), &title, self.across, &all)?;
        }
        Ok(())
    }

    fn images(&self) -> String {
        let image = |file: &str| {
            format!("![{}]({})\n", self.title, format_args!("benches/plots/{file}.svg"))
        };
        let all = if self.slow.is_empty() {
            String::new()
        } else {
            image(&format!("{}_all", self.sweep))
        };
        image(self.sweep) + &all
    }
}

/// Axes start at zero. Each line has its name at its right end, in a margin of its own, so that no legend lies over data.
fn draw(file: &Path, title: &str, across: &str, lines: &[&Line<'_>]) -> Result<()> {
    let points = || lines.iter().flat_map(|(_, _, points)| points);
    let right = points().map(|(at, _)| f64::from(*at)).fold(0.0, f64::max);
    let top = points().map(|(_, time)| time.median).fold(0.0, f64::max);
    let (unit, scale) = if top < 2_000.0 { ("ns", 1.0) } else { ("µs", 1_000.0) };
    let area = SVGBackend::new(file, SIZE).into_drawing_area();
    area.fill(&WHITE)?;
    let area = area.titled(title, (FONT, 20))?;
    let (left, margin) = area.split_horizontally(SIZE.0 - 150);
    let mut chart = ChartBuilder::on(&left)
        .margin(12)
        .x_label_area_size(48)
        .y_label_area_size(70)
        .build_cartesian_2d(0.0..right * 1.02, 0.0..top / scale * 1.05)?;
    chart
        .configure_mesh()
        .x_desc(across)
        .y_desc(format!("time a call ({unit})"))
        .label_style((FONT, 14))
        .axis_desc_style((FONT, 15))
        .light_line_style(WHITE)
        .x_label_formatter(&|x| format!("{x:.0}"))
        .y_label_formatter(&|y| {
            if top / scale < 10.0 { format!("{y:.1}") } else { format!("{y:.0}") }
        })
        .draw()?;
    let mut names = Vec::new();
    for (side, colour, points) in lines {
        let style = ShapeStyle::from(colour).stroke_width(2);
        let place = |(at, time): &(u32, Time)| (f64::from(*at), time.median / scale);
        chart.draw_series(LineSeries::new(points.iter().map(place), style))?;
        chart.draw_series(
            points.iter().map(|point| Circle::new(place(point), 3, colour.filled())),
        )?;
        if let Some(last) = points.last() {
            let height = chart.backend_coord(&place(last)).1 - margin.get_base_pixel().1;
            names.push((height, *side, *colour));
        }
    }
    for (height, side, colour) in spread(names) {
        margin.draw(&PathElement::new(
            [(0, height), (18, height)],
            ShapeStyle::from(colour).stroke_width(3),
        ))?;
        margin.draw(&Text::new(
            side.to_owned(),
            (24, height - 5),
            (FONT, 14).into_font().color(&colour),
        ))?;
    }
    area.present()?;
    Ok(())
}

/// Names from the highest down, none on top of another.
fn spread(mut names: Vec<(i32, &str, RGBColor)>) -> Vec<(i32, &str, RGBColor)> {
    const APART: i32 = 20;
    names.sort_by_key(|(height, ..)| -height);
    let mut below = i32::MAX;
    for (height, ..) in &mut names {
        *height = (*height).min(below.saturating_sub(APART));
        below = *height;
    }
    names
}

pub(crate) fn section() -> String {
    let images: Vec<_> = PLOTS.iter().map(Plot::images).collect();
    format!(
        "## Plots\n\nTime a call against what it depends on, from the same run; both axes start at zero. Where a side is so slow \
         that the others would lie on\nthe axis, the second plot has all. `i8583` and ours read messages in text form, \
         `iso8583-codec` the same elements behind binary bitmaps.\n\n{}",
        images.join("\n")
    )
}
