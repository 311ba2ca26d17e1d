//! How values are converted to text and back.
//!
//! The content script is lowered to JavaScript and runs in every frame, so this is far smaller than
//! a JSON library, and it escapes nothing: texts are nested three deep here (a posted message in a
//! batch in a request to the relay), and JSON would multiply their quotes at each level.
//!
//! A number is its decimal digits and `;` (a 64-bit one, its two halves), a text its length in
//! bytes, `:` and the text itself, a list its length and its items, a struct its fields, an enum
//! the number of the variant and its fields.

/// The rest of a text that is being read.
#[derive(Debug)]
pub struct Input<'a>(pub(crate) &'a str);

impl<'a> Input<'a> {
    pub(crate) fn digits(&mut self, end: char) -> Option<u32> {
        let (digits, rest) = self.0.split_once(end)?;
        let fits = match digits.len() {
            0 => false,
            10 => digits <= "4294967295",
            length => length < 10,
        };
        if !fits {
            return None;
        }
        let mut number = 0_u32;
        for digit in digits.bytes() {
            let digit = digit.checked_sub(b'0').filter(|digit| *digit < 10)?;
            number = number.wrapping_mul(10).wrapping_add(u32::from(digit));
        }
        self.0 = rest;
        Some(number)
    }

    fn text(&mut self) -> Option<&'a str> {
        let length = usize::try_from(self.digits(':')?).ok()?;
        let (text, rest) = self.0.split_at_checked(length)?;
        self.0 = rest;
        Some(text)
    }
}

pub(crate) fn push_digits(out: &mut String, number: u32, end: char) {
    let mut unit = 1_u32;
    while number / 10 >= unit {
        unit *= 10;
    }
    while unit > 0 {
        // The value is below ten.
        let digit = u8::try_from(number / unit % 10).unwrap_or(0);
        out.push(char::from(b'0' + digit));
        unit /= 10;
    }
    out.push(end);
}

/// A value that the extension's parts send each other.
pub trait Wire: Sized {
    /// Appends its text to `out`.
    fn write(&self, out: &mut String);

    /// Reads a value from the input; `None` if the input does not begin with one.
    fn read(input: &mut Input<'_>) -> Option<Self>;
}

impl Wire for u32 {
    fn write(&self, out: &mut String) {
        push_digits(out, *self, ';');
    }

    fn read(input: &mut Input<'_>) -> Option<Self> {
        input.digits(';')
    }
}

/// Written as two halves: JavaScript, to which this is lowered, has no 64-bit integers.
impl Wire for u64 {
    fn write(&self, out: &mut String) {
        let half = |bits: Self| u32::try_from(bits & 0xffff_ffff).unwrap_or(0);
        half(*self >> 32).write(out);
        half(*self).write(out);
    }

    fn read(input: &mut Input<'_>) -> Option<Self> {
        let high = Self::from(u32::read(input)?);
        Some(high << 32 | Self::from(u32::read(input)?))
    }
}

impl Wire for i32 {
    fn write(&self, out: &mut String) {
        self.cast_unsigned().write(out);
    }

    fn read(input: &mut Input<'_>) -> Option<Self> {
        u32::read(input).map(u32::cast_signed)
    }
}

/// Written as its bits, which are exact and shorter to write and read than its digits.
impl Wire for f64 {
    fn write(&self, out: &mut String) {
        self.to_bits().write(out);
    }

    fn read(input: &mut Input<'_>) -> Option<Self> {
        u64::read(input).map(Self::from_bits)
    }
}

impl Wire for bool {
    fn write(&self, out: &mut String) {
        u32::from(*self).write(out);
    }

    fn read(input: &mut Input<'_>) -> Option<Self> {
        match u32::read(input)? {
            0 => Some(false),
            1 => Some(true),
            _ => None,
        }
    }
}

impl Wire for String {
    fn write(&self, out: &mut String) {
        push_digits(out, length(self.len()), ':');
        out.push_str(self);
    }

    fn read(input: &mut Input<'_>) -> Option<Self> {
        input.text().map(str::to_owned)
    }
}

impl<T: Wire> Wire for Option<T> {
    fn write(&self, out: &mut String) {
        self.is_some().write(out);
        if let Some(value) = self {
            value.write(out);
        }
    }

    fn read(input: &mut Input<'_>) -> Option<Self> {
        Some(if bool::read(input)? {
            Some(T::read(input)?)
        } else {
            None
        })
    }
}

impl<T: Wire> Wire for Vec<T> {
    fn write(&self, out: &mut String) {
        length(self.len()).write(out);
        for item in self {
            item.write(out);
        }
    }

    fn read(input: &mut Input<'_>) -> Option<Self> {
        // No memory is reserved in advance, because the length may be false.
        let mut items = Self::new();
        for _ in 0..u32::read(input)? {
            items.push(T::read(input)?);
        }
        Some(items)
    }
}

impl<T: Wire, U: Wire> Wire for (T, U) {
    fn write(&self, out: &mut String) {
        self.0.write(out);
        self.1.write(out);
    }

    fn read(input: &mut Input<'_>) -> Option<Self> {
        Some((T::read(input)?, U::read(input)?))
    }
}

/// The length of a text or list; nothing with four billion bytes or items is ever sent.
fn length(length: usize) -> u32 {
    u32::try_from(length).unwrap_or(u32::MAX)
}

/// Implements [`Wire`] for a struct: its fields in this order.
macro_rules! wire_struct {
    ($name:ident { $($field:ident),* $(,)? }) => {
        impl $crate::wire::Wire for $name {
            fn write(&self, out: &mut String) {
                let Self { $($field),* } = self;
                $($crate::wire::Wire::write($field, out);)*
            }

            fn read(input: &mut $crate::wire::Input<'_>) -> Option<Self> {
                Some(Self { $($field: $crate::wire::Wire::read(input)?),* })
            }
        }
    };
}

/// Implements [`Wire`] for an enum: its variants are numbered in this order.
macro_rules! wire_enum {
    ($name:ident { $($variant:ident $({ $($field:ident),* })? $(($inner:ident))?),* $(,)? }) => {
        impl $crate::wire::Wire for $name {
            fn write(&self, out: &mut String) {
                enum Number { $($variant),* }
                match self {
                    $(Self::$variant $({ $($field),* })? $(($inner))? => {
                        $crate::wire::Wire::write(&(Number::$variant as u32), out);
                        $($($crate::wire::Wire::write($field, out);)*)?
                        $($crate::wire::Wire::write($inner, out);)?
                    })*
                }
            }

            fn read(input: &mut $crate::wire::Input<'_>) -> Option<Self> {
                enum Number { $($variant),* }
                let number: u32 = $crate::wire::Wire::read(input)?;
                $(if number == Number::$variant as u32 {
                    return Some(
                        Self::$variant
                            $({ $($field: $crate::wire::Wire::read(input)?),* })?
                            $(({ let $inner = $crate::wire::Wire::read(input)?; $inner }))?
                    );
                })*
                None
            }
        }
    };
}

pub(crate) use {wire_enum, wire_struct};
