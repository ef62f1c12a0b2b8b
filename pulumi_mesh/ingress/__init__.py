"""What stands where at the edge of meshes, where a request goes, what does not work together, the picture: all of it pure."""
